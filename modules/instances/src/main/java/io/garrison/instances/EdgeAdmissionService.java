package io.garrison.instances;

import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class EdgeAdmissionService implements EdgeAdmission {

    private static final int SAN_URI = 6;
    private static final String UUID_TEXT = "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";
    private static final Pattern NAME =
            Pattern.compile("spiffe://garrison/tenant/%1$s/stack/%1$s/instance/%1$s".formatted(UUID_TEXT));

    private final Instances instances;
    private final Clock clock;
    private final TransactionTemplate transaction;

    EdgeAdmissionService(Instances instances, Clock clock, PlatformTransactionManager transactions) {
        this.instances = instances;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    static String nameOf(EdgeIdentity identity) {
        return "spiffe://garrison/tenant/%s/stack/%s/instance/%s"
                .formatted(identity.tenantId(), identity.stackId(), identity.instanceId());
    }

    static String serialOf(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    @Override
    public EdgeIdentity admit(X509Certificate certificate) {
        return admit(certificate, false);
    }

    @Override
    public EdgeIdentity admitForRegisters(X509Certificate certificate) {
        return admit(certificate, true);
    }

    private EdgeIdentity admit(X509Certificate certificate, boolean forRegisters) {
        // A connection may outlive the certificate that opened it.
        var now = clock.instant();
        if (!now.isBefore(certificate.getNotAfter().toInstant())) {
            throw new InstanceException.EdgeUnauthenticated();
        }
        var identity = identity(certificate).orElseThrow(InstanceException.EdgeUnauthenticated::new);
        CurrentTenant.runAs(
                identity.tenantId(),
                () -> transaction.executeWithoutResult(
                        status -> require(identity, serialOf(certificate), forRegisters, now)));
        return identity;
    }

    private void require(EdgeIdentity identity, String serial, boolean forRegisters, Instant now) {
        var state = instances.holder(identity, serial).orElseThrow(InstanceException.EdgeUnauthenticated::new);
        if (!state.mayDialIn()) {
            if (forRegisters && instances.takesRegisters(identity.instanceId(), now)) {
                return;
            }
            throw InstanceException.EdgeUnauthenticated.shutOut();
        }
        if (instances.authenticate(identity, serial).isEmpty()) {
            throw new InstanceException.EdgeUnauthenticated();
        }
        if (state == LifecycleState.PENDING) {
            instances.enter(identity.instanceId(), LifecycleState.ENROLLED, false, now);
        }
    }

    /** Whom a certificate names. Says nothing about whether it was issued here. */
    static Optional<EdgeIdentity> identity(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            for (var name : names) {
                if (name.getFirst() instanceof Integer type && type == SAN_URI && name.get(1) instanceof String uri) {
                    return parse(uri);
                }
            }
            return Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }

    private static Optional<EdgeIdentity> parse(String uri) {
        var match = NAME.matcher(uri);
        if (!match.matches()) {
            return Optional.empty();
        }
        return Optional.of(new EdgeIdentity(
                TenantId.parse(match.group(1)),
                new StackId(UUID.fromString(match.group(2))),
                new InstanceId(UUID.fromString(match.group(3)))));
    }
}
