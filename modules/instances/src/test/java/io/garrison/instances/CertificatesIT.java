package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.InstanceException.CertificateInUse;
import io.garrison.instances.InstanceException.Invalid;
import io.garrison.instances.InstanceException.NameTaken;
import io.garrison.instances.InstanceException.NotFound;
import io.garrison.instances.pki.Authority;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.EntityTag;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ServerTest
class CertificatesIT {

    @Autowired
    StackManagement stacks;

    @Autowired
    CertificateManagement certificates;

    @Autowired
    PolicyManagement policies;

    @Autowired
    EdgeService edges;

    @Autowired
    TestLicensing licensing;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    private final Authority authority = Authority.create(Instant.now());

    private StackId anyStack(TenantId tenant) {
        var subLicense = licensing.sell(tenant, 1, 10);
        return as(tenant, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE))
                .id();
    }

    private String pem(KeyPair leaf, KeyPair key, Duration lifetime) {
        var certificate =
                authority.issueServer(leaf.getPublic(), List.of("shop.example", "192.0.2.1"), Instant.now(), lifetime);
        return Authority.pem(new PemObject("PRIVATE KEY", key.getPrivate().getEncoded()))
                + Authority.pem(authority.certificate())
                + Authority.pem(certificate);
    }

    private String pem() {
        var pair = Authority.newKeyPair();
        return pem(pair, pair, Duration.ofDays(30));
    }

    private static Policy withCertificate(String name) {
        return ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"192.0.2.10","port":443,"certificate":"%s","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"192.0.2.20","port":8080}]}]}""".formatted(name).getBytes(), Policy.class);
    }

    @Test
    void showsWhatACertificateHoldsForAndKeepsItsKeySealed() {
        var alice = anyTenant();
        var stack = anyStack(alice);

        var added = as(alice, () -> certificates.add(stack, "site", pem()));

        assertThat(added.hosts()).containsExactly("shop.example", "192.0.2.1");
        assertThat(added.keyType()).isEqualTo("EC P-256");
        assertThat(added.chainLength()).isEqualTo(2);
        var sealed = CurrentTenant.callAs(
                alice,
                () -> new TransactionTemplate(transactions)
                        .execute(status -> jdbc.sql("select sealed from instances.certificate_content")
                                .query(byte[].class)
                                .single()));
        assertThat(new String(sealed)).doesNotContain("PRIVATE KEY").doesNotContain("CERTIFICATE");
        assertThatExceptionOfType(NameTaken.class)
                .isThrownBy(() -> as(alice, () -> certificates.add(stack, "site", pem())));
        var mallory = anyTenant();
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> as(mallory, () -> certificates.list(stack)));
    }

    @Test
    void refusesWhatCannotFaceClients() {
        var alice = anyTenant();
        var stack = anyStack(alice);
        var pair = Authority.newKeyPair();

        assertThat(codeOf(alice, stack, pem(pair, Authority.newKeyPair(), Duration.ofDays(1))))
                .isEqualTo("certificate.key-mismatch");
        assertThat(codeOf(alice, stack, pem(pair, pair, Duration.ofMinutes(-5))))
                .isEqualTo("certificate.expired");
        assertThat(codeOf(alice, stack, Authority.pem(authority.certificate()))).isEqualTo("certificate.key-missing");
        assertThat(codeOf(alice, stack, "hello")).isEqualTo("certificate.chain");
        assertThat(codeOf(alice, stack, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
                .isEqualTo("certificate.malformed");
        assertThat(codeOf(
                        alice,
                        stack,
                        pem() + Authority.pem(Authority.create(Instant.now()).certificate())))
                .isEqualTo("certificate.chain");
    }

    private String codeOf(TenantId tenant, StackId stack, String pem) {
        try {
            runAs(tenant, () -> certificates.add(stack, "bad", pem));
            return "accepted";
        } catch (Invalid e) {
            return e.code();
        }
    }

    @Test
    void keepsWhatTheNewestRevisionNamesUntilTheNextOneIsPublished() {
        var alice = anyTenant();
        var stack = anyStack(alice);
        var edge = new EdgeIdentity(alice, stack, new InstanceId(UUID.randomUUID()));
        var first = as(alice, () -> certificates.add(stack, "site", pem()));
        runAs(alice, () -> policies.save(stack, 1, withCertificate("site")));
        runAs(alice, () -> policies.publish(stack, ""));
        var before = CurrentTenant.callAs(alice, () -> edges.certificate(edge, "site"));

        assertThatExceptionOfType(CertificateInUse.class)
                .isThrownBy(() -> runAs(alice, () -> certificates.delete(stack, "site", -1)));
        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> as(alice, () -> certificates.replace(stack, "site", 99, pem())));
        runAs(alice, () -> certificates.replace(stack, "site", first.version(), pem()));

        assertThat(CurrentTenant.callAs(alice, () -> edges.certificate(edge, "site")))
                .isEqualTo(before);
        assertThat(as(alice, () -> policies.publish(stack, "new certificate")).number())
                .as("another certificate is a change")
                .isEqualTo(2);
        assertThat(CurrentTenant.callAs(alice, () -> edges.certificate(edge, "site")))
                .isNotEqualTo(before);
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> CurrentTenant.callAs(alice, () -> edges.certificate(edge, "other")));
    }

    @Test
    void deletesACertificateThatNothingNames() {
        var alice = anyTenant();
        var stack = anyStack(alice);
        runAs(alice, () -> certificates.add(stack, "site", pem()));

        runAs(alice, () -> certificates.delete(stack, "site", 1));

        assertThat(as(alice, () -> certificates.list(stack))).isEmpty();
    }
}
