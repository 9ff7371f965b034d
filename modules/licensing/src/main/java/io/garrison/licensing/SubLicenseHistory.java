package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** What became of each sub-licence, file by file. Entries are written once. */
@Repository
class SubLicenseHistory {

    static final int MAX_REASON = 500;
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;

    SubLicenseHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param was null for the first file */
    void add(TenantId tenant, @Nullable Stored was, Stored became, String action, @Nullable String reason, Instant at) {
        var before = was == null ? Map.<String, Object>of() : terms(was);
        var after = terms(became);
        jdbc.sql("""
                        insert into licensing.sub_license_change
                            (tenant_id, sub_license_id, serial, at, actor, action, was, became, reason)
                        values (:tenant, :id, :serial, :at, :actor, :action, :was::jsonb, :became::jsonb, :reason)
                        """)
                .param("tenant", tenant.value())
                .param("id", became.id().value())
                .param("serial", became.serial())
                .param("at", Rows.utc(at))
                .param("actor", Actor.current().name())
                .param("action", action)
                .param("was", JSON.writeValueAsString(different(before, after)))
                .param("became", JSON.writeValueAsString(different(after, before)))
                .param("reason", reason)
                .update();
    }

    /**
     * The newest first.
     *
     * @param before serial of the last one seen, or the greatest there is
     */
    List<SubLicenseChange> page(SubLicenseId id, long before, int limit) {
        return jdbc.sql("""
                        select * from licensing.sub_license_change where sub_license_id = ? and serial < ?
                        order by serial desc limit ?
                        """)
                .params(id.value(), before, limit)
                .query(SubLicenseHistory::change)
                .list();
    }

    static Map<String, Object> terms(Stored stored) {
        var granted = stored.entitlements();
        var terms = new TreeMap<String, Object>();
        terms.put("validUntil", stored.until().toString());
        terms.put("graceDays", stored.graceDays());
        terms.put("instances", granted.instances());
        terms.put("throughputBps", granted.throughputBps());
        terms.put("virtualServices", granted.virtualServices());
        terms.put("features", List.copyOf(granted.features()));
        stored.overages()
                .byMetric()
                .forEach((metric, overage) -> terms.put(
                        metric.wireName() + "Overage",
                        overage.ceiling() == null ? overage.policy().name() : "CEILING " + overage.ceiling()));
        terms.put("suspended", stored.suspendedAt() != null);
        terms.put("revoked", stored.revokedAt() != null);
        return terms;
    }

    private static Map<String, Object> different(Map<String, Object> of, Map<String, Object> from) {
        var different = new TreeMap<>(of);
        different.entrySet().removeIf(term -> Objects.equals(term.getValue(), from.get(term.getKey())));
        return different;
    }

    @SuppressWarnings("unchecked") // what was written above
    private static SubLicenseChange change(ResultSet row, int number) throws SQLException {
        return new SubLicenseChange(
                row.getLong("serial"),
                Rows.instant(row, "at"),
                row.getString("actor"),
                row.getString("action"),
                JSON.readValue(row.getString("was"), Map.class),
                JSON.readValue(row.getString("became"), Map.class),
                row.getString("reason"));
    }
}
