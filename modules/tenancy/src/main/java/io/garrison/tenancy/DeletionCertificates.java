package io.garrison.tenancy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** What is left of a deleted tenant: how much was erased, and where its audit trail ended. */
@Service
class DeletionCertificates {

    private final JdbcClient jdbc;
    private final AuditEntries entries;
    private final AuditTrail audit;
    private final SecretVault vault;
    private final Clock clock;

    DeletionCertificates(JdbcClient jdbc, AuditEntries entries, AuditTrail audit, SecretVault vault, Clock clock) {
        this.jdbc = jdbc;
        this.entries = entries;
        this.audit = audit;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * @param erased number of records by the part that kept them, as canonical JSON
     * @param auditHash last link of the tenant's audit chain, hexadecimal
     */
    public record Certificate(
            UUID id,
            UUID tenantId,
            String slug,
            String erased,
            long auditEntries,
            String auditHash,
            Instant issuedAt) {}

    UUID issue(TenantSummary tenant, Map<String, Long> erased) {
        var head = entries.head(tenant.id().value());
        var certificate = new Certificate(
                UUID.randomUUID(),
                tenant.id().value(),
                tenant.slug(),
                CanonicalJson.of(new TreeMap<>(erased)),
                head.map(AuditEntries.Head::entries).orElse(0L),
                HexFormat.of().formatHex(head.map(AuditEntries.Head::hash).orElseGet(AuditChain::start)),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        jdbc.sql("""
                        insert into tenancy.deletion_certificate
                            (id, deleted_tenant, slug, erased, audit_entries, audit_hash, issued_at, seal)
                        values (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        certificate.id(),
                        certificate.tenantId(),
                        certificate.slug(),
                        certificate.erased(),
                        certificate.auditEntries(),
                        HexFormat.of().parseHex(certificate.auditHash()),
                        Accounts.at(certificate.issuedAt()),
                        vault.seal(context(certificate.id()), text(certificate)))
                .update();
        audit.record(
                "tenant.deleted",
                "tenant",
                tenant.id().toString(),
                Map.of("slug", tenant.slug(), "erased", erased, "certificate", certificate.id()));
        return certificate.id();
    }

    private static byte[] text(Certificate certificate) {
        return certificate.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String context(UUID id) {
        return "tenancy.deletion_certificate/" + id;
    }
}
