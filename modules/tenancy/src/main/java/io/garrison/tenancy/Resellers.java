package io.garrison.tenancy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of resellers. All but the state can be read in the provider's scope only. */
@Component
class Resellers {

    private final JdbcClient jdbc;

    Resellers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(ResellerSummary reseller) {
        jdbc.sql("""
                        insert into tenancy.reseller (id, slug, name, contact_email, state, created_at, version)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        reseller.id().value(),
                        reseller.slug(),
                        reseller.name(),
                        reseller.contactEmail(),
                        reseller.state().name(),
                        Accounts.at(reseller.createdAt()),
                        reseller.version())
                .update();
    }

    Optional<ResellerSummary> find(ResellerId id) {
        return find("", id);
    }

    /** Nobody else changes or deletes it until the transaction ends. */
    Optional<ResellerSummary> lock(ResellerId id) {
        return find(" for update", id);
    }

    /** Nobody changes or deletes it until the transaction ends; others may hold it so as well. */
    Optional<ResellerSummary> pin(ResellerId id) {
        return find(" for share", id);
    }

    private Optional<ResellerSummary> find(String lock, ResellerId id) {
        return jdbc.sql("select * from tenancy.reseller where id = ?" + lock)
                .param(id.value())
                .query(Resellers::summary)
                .optional();
    }

    Optional<ResellerState> state(ResellerId id) {
        return jdbc.sql("select state from tenancy.reseller where id = ?")
                .param(id.value())
                .query((row, n) -> ResellerState.valueOf(row.getString("state")))
                .optional();
    }

    List<ResellerSummary> page(@Nullable String after, int limit) {
        return jdbc.sql("select * from tenancy.reseller where slug > ? order by slug limit ?")
                .params(after == null ? "" : after, limit)
                .query(Resellers::summary)
                .list();
    }

    List<ResellerSummary> among(Collection<ResellerId> ids) {
        return jdbc.sql("select * from tenancy.reseller where id = any (?)")
                .param(ids.stream().map(ResellerId::value).toArray(UUID[]::new))
                .query(Resellers::summary)
                .list();
    }

    long tenantsOf(ResellerId id) {
        return jdbc.sql("select count(*) from tenancy.tenant where reseller_id = ?")
                .param(id.value())
                .query(Long.class)
                .single();
    }

    /** Nobody changes the tenant until the transaction ends. */
    Optional<ResellerId> ofTenant(TenantId tenant) {
        return jdbc.sql("select reseller_id from tenancy.tenant where tenant_id = ? for share")
                .param(tenant.value())
                .query((row, n) -> Optional.ofNullable(row.getObject("reseller_id", UUID.class)))
                .optional()
                .flatMap(found -> found)
                .map(ResellerId::new);
    }

    void update(ResellerSummary reseller) {
        jdbc.sql("update tenancy.reseller set name = ?, contact_email = ?, state = ?, version = ? where id = ?")
                .params(
                        reseller.name(),
                        reseller.contactEmail(),
                        reseller.state().name(),
                        reseller.version(),
                        reseller.id().value())
                .update();
    }

    void delete(ResellerId id) {
        jdbc.sql("delete from tenancy.reseller where id = ?").param(id.value()).update();
    }

    private static ResellerSummary summary(ResultSet row, int n) throws SQLException {
        return new ResellerSummary(
                new ResellerId(row.getObject("id", UUID.class)),
                row.getString("slug"),
                row.getString("name"),
                row.getString("contact_email"),
                ResellerState.valueOf(row.getString("state")),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}
