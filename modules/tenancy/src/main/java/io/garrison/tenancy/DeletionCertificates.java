package io.garrison.tenancy;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class DeletionCertificates implements TenantDeletions {

    private final JdbcClient jdbc;
    private final AuditEntries entries;
    private final SecretVault vault;
    private final House house;
    private final Expiry clock;

    DeletionCertificates(JdbcClient jdbc, AuditEntries entries, SecretVault vault, House house, Expiry clock) {
        this.jdbc = jdbc;
        this.entries = entries;
        this.vault = vault;
        this.house = house;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.TENANT_MANAGE)
    public Certificate certificate(UUID id) {
        return house.read(() -> jdbc.sql("select * from tenancy.deletion_certificate where id = ?")
                        .param(id)
                        .query(this::read)
                        .optional())
                .orElseThrow(TenancyException.NotFound::new);
    }

    /** Issues in the running transaction. */
    Certificate issue(TenantSummary tenant, Map<String, Long> erased) {
        var head = entries.head(tenant.id().value());
        var certificate = new Certificate(
                UUID.randomUUID(),
                tenant.id().value(),
                tenant.slug(),
                CanonicalJson.of(new TreeMap<>(erased)),
                head.map(AuditEntries.Head::entries).orElse(0L),
                HexFormat.of().formatHex(head.map(AuditEntries.Head::hash).orElseGet(AuditChain::start)),
                clock.now(),
                true);
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
        return certificate;
    }

    private Certificate read(ResultSet row, int n) throws SQLException {
        var stored = new Certificate(
                row.getObject("id", UUID.class),
                row.getObject("deleted_tenant", UUID.class),
                row.getString("slug"),
                row.getString("erased"),
                row.getLong("audit_entries"),
                HexFormat.of().formatHex(row.getBytes("audit_hash")),
                row.getTimestamp("issued_at").toInstant(),
                false);
        return isIntact(stored, row.getBytes("seal"))
                ? new Certificate(
                        stored.id(),
                        stored.tenantId(),
                        stored.slug(),
                        stored.erased(),
                        stored.auditEntries(),
                        stored.auditHash(),
                        stored.issuedAt(),
                        true)
                : stored;
    }

    private boolean isIntact(Certificate certificate, byte[] seal) {
        try {
            return Arrays.equals(vault.open(context(certificate.id()), seal), text(certificate));
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static byte[] text(Certificate certificate) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("tenantId", certificate.tenantId());
        members.put("slug", certificate.slug());
        members.put("erased", certificate.erased());
        members.put("auditEntries", certificate.auditEntries());
        members.put("auditHash", certificate.auditHash());
        members.put("issuedAt", certificate.issuedAt());
        return CanonicalJson.of(members).getBytes(StandardCharsets.UTF_8);
    }

    private static String context(UUID id) {
        return "tenancy.deletion_certificate/" + id;
    }
}
