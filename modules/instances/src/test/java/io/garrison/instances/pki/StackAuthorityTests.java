package io.garrison.instances.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StackAuthorityTests {

    private static final UUID TENANT = new UUID(1, 1);
    private static final UUID STACK = new UUID(1, 2);
    private static final Instant NOW = Instant.now();

    private final Authority edges = Authority.create(NOW);

    @Test
    void isTheSameEachTimeAndAnotherForEachStackAndTenant() {
        var once = StackAuthority.of(edges, TENANT, STACK);
        assertThat(StackAuthority.of(edges, TENANT, STACK).key()).isEqualTo(once.key());
        assertThat(StackAuthority.of(edges, TENANT, STACK).certificate().getSerialNumber())
                .isEqualTo(once.certificate().getSerialNumber());
        assertThat(StackAuthority.of(edges, STACK, TENANT).key()).isNotEqualTo(once.key());
        assertThat(StackAuthority.of(edges, TENANT, TENANT).key()).isNotEqualTo(once.key());
        assertThat(StackAuthority.of(Authority.create(NOW), TENANT, STACK).key())
                .isNotEqualTo(once.key());
        assertThat(once.key()).isNotEqualTo(edges.key());
    }

    @Test
    void letsMembersOfTheStackInAndNobodyElse() throws Exception {
        var member = issued(StackAuthority.of(edges, TENANT, STACK));
        // Made anew, as by another replica.
        verify(member, StackAuthority.of(edges, TENANT, STACK).certificate());
        var other = issued(StackAuthority.of(edges, TENANT, new UUID(1, 3)));
        var edge =
                edges.issueClient(Authority.newKeyPair().getPublic(), "spiffe://x", "edge", NOW, Duration.ofHours(1));
        for (var stranger : List.of(other, edge)) {
            assertThatExceptionOfType(CertPathValidatorException.class)
                    .isThrownBy(() -> verify(
                            stranger, StackAuthority.of(edges, TENANT, STACK).certificate()));
        }
        assertThatExceptionOfType(CertPathValidatorException.class)
                .as("at the gateway it counts for nothing")
                .isThrownBy(() -> verify(member, edges.certificate()));
    }

    @Test
    void namesTheInstanceAndServesBothEnds() throws Exception {
        var member = issued(StackAuthority.of(edges, TENANT, STACK));
        assertThat(member.getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(member.getSubjectAlternativeNames()).contains(List.of(2, STACK.toString()));
        assertThat(member.getBasicConstraints()).as("no authority itself").isEqualTo(-1);
    }

    private static X509Certificate issued(Authority authority) {
        return authority.issueMember(
                Authority.newKeyPair().getPublic(), "spiffe://x", STACK.toString(), NOW, Duration.ofHours(1));
    }

    private static void verify(X509Certificate leaf, X509Certificate anchor)
            throws GeneralSecurityException, InvalidAlgorithmParameterException {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
    }
}
