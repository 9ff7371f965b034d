package io.garrison.tenancy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of tenants. */
@Component
class Tenants {

    private final JdbcClient jdbc;

    Tenants(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(TenantSummary tenant) {
        jdbc.sql("""
                        insert into tenancy.tenant
                            (tenant_id, slug, name, mode, contact_email, time_zone, state, created_at, version,
                             reseller_id)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        tenant.id().value(),
                        tenant.slug(),
                        tenant.name(),
                        tenant.mode().name(),
                        tenant.contactEmail(),
                        tenant.timeZone().getId(),
                        tenant.state().name(),
                        Accounts.at(tenant.createdAt()),
                        tenant.version())
                .param(reseller(tenant))
                .update();
    }

    Optional<TenantSummary> find(TenantId id) {
        return jdbc.sql("select * from tenancy.tenant where tenant_id = ?")
                .param(id.value())
                .query(Tenants::summary)
                .optional();
    }

    Optional<TenantSummary> lock(TenantId id) {
        return jdbc.sql("select * from tenancy.tenant where tenant_id = ? for update")
                .param(id.value())
                .query(Tenants::summary)
                .optional();
    }

    List<TenantSummary> page(@Nullable String after, int limit) {
        return jdbc.sql("select * from tenancy.tenant where slug > ? order by slug limit ?")
                .params(after == null ? "" : after, limit)
                .query(Tenants::summary)
                .list();
    }

    List<TenantSummary> page(Collection<TenantId> among, @Nullable String after, int limit) {
        return jdbc.sql("""
                        select * from tenancy.tenant where tenant_id = any (?) and slug > ? order by slug limit ?""")
                .params(among.stream().map(TenantId::value).toArray(UUID[]::new), after == null ? "" : after, limit)
                .query(Tenants::summary)
                .list();
    }

    Set<TenantId> keep(Collection<TenantId> ids) {
        return Set.copyOf(jdbc.sql("""
                        select tenant_id from tenancy.tenant
                         where tenant_id = any (:ids) and state <> 'DELETING' order by tenant_id for share""")
                .param("ids", ids.stream().map(TenantId::value).toArray(UUID[]::new))
                .query((row, n) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .list());
    }

    List<TenantSummary> among(Collection<TenantId> ids) {
        return jdbc.sql("select * from tenancy.tenant where tenant_id = any (?)")
                .param(ids.stream().map(TenantId::value).toArray(UUID[]::new))
                .query(Tenants::summary)
                .list();
    }

    List<TenantSummary> in(TenantState state) {
        return jdbc.sql("select * from tenancy.tenant where state = ? order by slug")
                .param(state.name())
                .query(Tenants::summary)
                .list();
    }

    List<UUID> ids() {
        return jdbc.sql("select tenant_id from tenancy.tenant order by tenant_id")
                .query((row, n) -> row.getObject("tenant_id", UUID.class))
                .list();
    }

    void update(TenantSummary tenant) {
        jdbc.sql("""
                        update tenancy.tenant set name = ?, mode = ?, contact_email = ?, time_zone = ?, state = ?,
                            version = ?, reseller_id = ? where tenant_id = ?""")
                .params(
                        tenant.name(),
                        tenant.mode().name(),
                        tenant.contactEmail(),
                        tenant.timeZone().getId(),
                        tenant.state().name(),
                        tenant.version())
                .param(reseller(tenant))
                .param(tenant.id().value())
                .update();
    }

    /** Rows of this module that belong to the tenant, but for its audit trail, which stays. */
    long erase(TenantId id) {
        var erased = 0L;
        for (var table : List.of("member", "api_key", "act_as_session")) {
            erased += jdbc.sql("delete from tenancy." + table + " where tenant_id = ?")
                    .param(id.value())
                    .update();
        }
        return erased;
    }

    void delete(TenantId id) {
        jdbc.sql("delete from tenancy.tenant where tenant_id = ?")
                .param(id.value())
                .update();
    }

    private static @Nullable UUID reseller(TenantSummary tenant) {
        return tenant.resellerId() == null ? null : tenant.resellerId().value();
    }

    private static TenantSummary summary(ResultSet row, int n) throws SQLException {
        return new TenantSummary(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("slug"),
                row.getString("name"),
                DeploymentMode.valueOf(row.getString("mode")),
                row.getString("contact_email"),
                ZoneId.of(row.getString("time_zone")),
                TenantState.valueOf(row.getString("state")),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"),
                Optional.ofNullable(row.getObject("reseller_id", UUID.class))
                        .map(ResellerId::new)
                        .orElse(null));
    }
}
