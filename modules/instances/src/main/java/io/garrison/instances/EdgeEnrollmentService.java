package io.garrison.instances;

import io.garrison.instances.pki.Authority;
import io.garrison.instances.pki.SigningRequest;
import io.garrison.instances.pki.StackAuthority;
import io.garrison.licensing.InstanceSeats;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import io.garrison.protocol.StackCredential;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class EdgeEnrollmentService implements EdgeEnrollment {

    private static final int MAX_FACTS = 32;
    private static final int MAX_FACT_LENGTH = 256;

    /** For the telemetry that the gateway writes on behalf of edges. */
    private static final Map<String, String> TOPICS =
            Map.of("meter", "g.meter.v1", "stats", "g.stats.v1", "event", "g.event.v1", "health", "g.health.v1");

    private final JdbcClient jdbc;
    private final Instances instances;
    private final InstanceSeats seats;
    private final AuditTrail audit;
    private final Issuing issuing;

    EdgeEnrollmentService(
            JdbcClient jdbc, Instances instances, InstanceSeats seats, AuditTrail audit, Issuing issuing) {
        this.jdbc = jdbc;
        this.instances = instances;
        this.seats = seats;
        this.audit = audit;
        this.issuing = issuing;
    }

    /** What it takes to issue a certificate. */
    @Component
    record Issuing(
            InstallationKeys keys, InstanceSettings settings, Clock clock, PlatformTransactionManager transactions) {

        <T> T inTransaction(Supplier<T> work) {
            var result = new TransactionTemplate(transactions).execute(status -> work.get());
            if (result == null) {
                throw new IllegalStateException("no result of a transaction that must have one");
            }
            return result;
        }
    }

    @Override
    public EnrollResponse enroll(EnrollRequest request, String origin) {
        // What has not even the form of a token takes the same way through the database, with a tenant that is nobody.
        var secret = EnrollmentSecret.parse(request.token())
                .orElseGet(() -> EnrollmentSecret.draw(new TenantId(UUID.randomUUID())));
        var id = new InstanceId(UUID.randomUUID());
        var actor = new Actor(Actor.Kind.EDGE, id.toString(), "enrolling edge", origin, null);
        return CurrentTenant.callAs(
                secret.tenant(),
                () -> Actor.callAs(actor, () -> issuing.inTransaction(() -> admit(secret, id, request))));
    }

    private EnrollResponse admit(EnrollmentSecret secret, InstanceId id, EnrollRequest request) {
        var now = issuing.clock().instant();
        var stack = spend(secret, now);
        var key = signingRequest(request.csr()).key();
        var row = jdbc.sql("select sub_license_id from instances.stack where id = ? and deleted_at is null for update")
                .param(stack.value())
                .query(UUID.class)
                .optional()
                .orElseThrow(InstanceException.EnrollmentRefused::new);
        var identity = new EdgeIdentity(secret.tenant(), stack, id);
        var certificate = issue(identity, key, now);
        var facts = told(request.facts());
        var name = Names.ofInstance(facts.getOrDefault("name", facts.getOrDefault("hostname", "")));
        instances.insert(id, stack, name, facts, now, certificate.getNotAfter().toInstant());
        remember(identity, certificate, now);
        var lease = seats.lease(new SubLicenseId(row), id.value());
        instances.seat(id, lease, now);
        audit.record(
                "instance.enrolled",
                "instance",
                id.toString(),
                Map.of(
                        "stackId", stack.toString(),
                        "name", name,
                        "token", secret.id().toString(),
                        "serial", EdgeAdmissionService.serialOf(certificate)));
        return new EnrollResponse(
                id.value(),
                secret.tenant().value(),
                stack.value(),
                Authority.pem(certificate),
                anchors(),
                List.of(issuing.keys().signingKey().name()),
                new EnrollResponse.KafkaTopics(null, TOPICS),
                (int) issuing.settings().heartbeat().toSeconds(),
                lease.signed(),
                seats.trust(),
                stackCredential(identity, key, now));
    }

    /** One statement, so that of many machines with the last use of a token exactly one gets it. */
    private StackId spend(EnrollmentSecret secret, Instant now) {
        return jdbc.sql("""
                        update instances.enrollment_token set used = used + 1
                         where id = ? and secret_hash = ? and used < uses and expires_at > ? and revoked_at is null
                        returning stack_id""")
                .params(secret.id(), secret.hash(), Sql.time(now))
                .query((row, n) -> new StackId(Sql.uuid(row, "stack_id")))
                .optional()
                .orElseThrow(InstanceException.EnrollmentRefused::new);
    }

    @Override
    public CertificateRenewal.Response renew(
            EdgeIdentity from, X509Certificate current, CertificateRenewal.Request request) {
        return issuing.inTransaction(() -> renewed(from, current, request));
    }

    private CertificateRenewal.Response renewed(
            EdgeIdentity from, X509Certificate current, CertificateRenewal.Request request) {
        var now = issuing.clock().instant();
        var serial = EdgeAdmissionService.serialOf(current);
        var state = instances
                .lock(from.instanceId())
                .orElseThrow(InstanceException.EdgeUnauthenticated::new)
                .lifecycle();
        if (!state.mayDialIn()) {
            throw new InstanceException.EdgeUnauthenticated();
        }
        var issuedAt = instances
                .issuedAt(from.instanceId().value(), serial)
                .orElseThrow(InstanceException.EdgeUnauthenticated::new);
        var from23 =
                issuedAt.plus(Duration.between(issuedAt, current.getNotAfter().toInstant())
                        .multipliedBy(2)
                        .dividedBy(3));
        if (now.isBefore(from23)) {
            throw new InstanceException.RenewalTooEarly(from23);
        }
        return issued(from, signingRequest(request.csr()).key(), serial, now);
    }

    private CertificateRenewal.Response issued(EdgeIdentity from, PublicKey key, String before, Instant now) {
        var certificate = renewed(from, key, before, now);
        return new CertificateRenewal.Response(
                Authority.pem(certificate), anchors(), seats.trust(), stackCredential(from, key, now));
    }

    private X509Certificate renewed(EdgeIdentity from, PublicKey key, String before, Instant now) {
        var certificate = issue(from, key, now);
        remember(from, certificate, now);
        audit.record(
                "instance.certificate-renewed",
                "instance",
                from.instanceId().toString(),
                Map.of("before", before, "after", EdgeAdmissionService.serialOf(certificate)));
        return certificate;
    }

    @Override
    public CertificateRenewal.Response renewLate(CertificateRenewal.LateRequest request, String origin) {
        var over = issuing.keys()
                .authority()
                .read(request.certificate())
                .orElseThrow(InstanceException.EdgeUnauthenticated::new);
        var identity = EdgeAdmissionService.identity(over).orElseThrow(InstanceException.EdgeUnauthenticated::new);
        if (!signingRequest(request.csr()).key().equals(over.getPublicKey())) {
            throw new InstanceException.CsrRefused("it is for another key than the certificate");
        }
        var ended = over.getNotAfter().toInstant();
        var now = issuing.clock().instant();
        if (now.isBefore(ended)) {
            throw new InstanceException.RenewalTooEarly(ended);
        }
        if (now.isAfter(ended.plus(LATEST))) {
            throw new InstanceException.EdgeUnauthenticated();
        }
        var id = identity.instanceId().toString();
        var actor = new Actor(Actor.Kind.EDGE, id, id, origin, null);
        return CurrentTenant.callAs(
                identity.tenantId(),
                () -> Actor.callAs(actor, () -> issuing.inTransaction(() -> renewedLate(identity, over, now))));
    }

    private CertificateRenewal.Response renewedLate(EdgeIdentity from, X509Certificate over, Instant now) {
        var serial = EdgeAdmissionService.serialOf(over);
        var state = instances
                .lock(from.instanceId())
                .orElseThrow(InstanceException.EdgeUnauthenticated::new)
                .lifecycle();
        boolean known = instances.holder(from, serial).isPresent() && instances.isNewest(from.instanceId(), serial);
        if (!state.mayDialIn()) {
            if (known && instances.takesRegisters(from.instanceId(), now)) {
                return issuedForRegisters(from, over.getPublicKey(), serial, now);
            }
            throw InstanceException.EdgeUnauthenticated.shutOut();
        }
        if (!known || instances.authenticate(from, serial).isEmpty()) {
            throw new InstanceException.EdgeUnauthenticated();
        }
        return issued(from, over.getPublicKey(), serial, now);
    }

    /** Revoked from the first moment on, so that it is worth nothing elsewhere; and none for the stack, which it has left. */
    private CertificateRenewal.Response issuedForRegisters(
            EdgeIdentity from, PublicKey key, String before, Instant now) {
        var certificate = renewed(from, key, before, now);
        instances.revokeCertificates(from.instanceId(), now);
        return new CertificateRenewal.Response(Authority.pem(certificate), anchors(), null, null);
    }

    private static SigningRequest signingRequest(String pem) {
        try {
            return SigningRequest.parse(pem);
        } catch (SigningRequest.Refused e) {
            throw new InstanceException.CsrRefused(String.valueOf(e.getMessage()));
        }
    }

    private X509Certificate issue(EdgeIdentity identity, PublicKey key, Instant now) {
        return issuing.keys()
                .authority()
                .issueClient(
                        key,
                        EdgeAdmissionService.nameOf(identity),
                        identity.instanceId().toString(),
                        now,
                        issuing.settings().certificateLifetime());
    }

    private StackCredential stackCredential(EdgeIdentity identity, PublicKey key, Instant now) {
        var authority = StackAuthority.of(
                issuing.keys().authority(),
                identity.tenantId().value(),
                identity.stackId().value());
        var certificate = authority.issueMember(
                key,
                EdgeAdmissionService.nameOf(identity),
                identity.instanceId().toString(),
                now,
                issuing.settings().certificateLifetime());
        return new StackCredential(Authority.pem(certificate), Authority.pem(authority.certificate()));
    }

    private void remember(EdgeIdentity identity, X509Certificate certificate, Instant now) {
        instances.addCertificate(
                identity.instanceId(),
                EdgeAdmissionService.serialOf(certificate),
                now,
                certificate.getNotAfter().toInstant());
    }

    private String anchors() {
        return Authority.pem(issuing.keys().authority().certificate());
    }

    /** What a machine says of itself is shown to people and proves nothing. */
    private static Map<String, String> told(Map<String, String> facts) {
        var clean = new TreeMap<String, String>();
        facts.entrySet().stream()
                .limit(MAX_FACTS)
                .forEach(fact -> clean.put(
                        Told.text(fact.getKey(), MAX_FACT_LENGTH), Told.text(fact.getValue(), MAX_FACT_LENGTH)));
        return clean;
    }
}
