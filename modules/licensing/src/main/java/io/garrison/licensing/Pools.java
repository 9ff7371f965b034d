package io.garrison.licensing;

import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.LicensePool.Line;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What the sub-licences of all tenants hold of a licence. A share counts until it is released, or until the grace of its
 * sub-licence ends, because its instances run that long. Sums are made by PostgreSQL in {@code numeric}, so they cannot
 * overflow.
 */
@Repository
class Pools {

    private final JdbcClient jdbc;

    Pools(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    LicensePool of(LicenseSummary license, Instant now) {
        var held = held(license.id(), now);
        var lines = new ArrayList<Line>();
        for (var metric : Metric.counted()) {
            long limit = license.entitlements().limit(metric);
            long allocated = held.of(metric).longValueExact();
            lines.add(new Count(metric, limit, allocated, limit - allocated));
        }
        lines.add(new Features(license.entitlements().features(), held.features()));
        return new LicensePool(lines);
    }

    /**
     * Takes a share. The caller holds the lock on the licence.
     *
     * @throws PoolExhausted if a count does not fit
     */
    void take(LicenseSummary license, SubLicenseId holder, Entitlements asked, Instant heldUntil, Instant now) {
        var held = held(license.id(), now);
        for (var metric : Metric.counted()) {
            var free = BigDecimal.valueOf(license.entitlements().limit(metric)).subtract(held.of(metric));
            if (BigDecimal.valueOf(asked.limit(metric)).compareTo(free) > 0) {
                throw new PoolExhausted(
                        "entitlements", metric, String.valueOf(asked.limit(metric)), free.toPlainString());
            }
        }
        jdbc.sql("""
                        insert into licensing.pool_share (sub_license_id, license_id, instances, throughput_bps,
                            virtual_services, features, held_until)
                        values (:id, :license, :instances, :throughput, :services, :features, :until)
                        """)
                .param("id", holder.value())
                .param("license", license.id().value())
                .param("instances", asked.instances())
                .param("throughput", asked.throughputBps())
                .param("services", asked.virtualServices())
                .param("features", asked.features().toArray(String[]::new))
                .param("until", Rows.utc(heldUntil))
                .update();
    }

    void release(SubLicenseId holder, Instant at) {
        jdbc.sql("update licensing.pool_share set released_at = ? where sub_license_id = ? and released_at is null")
                .params(Rows.utc(at), holder.value())
                .update();
    }

    private record Held(Map<Metric, BigDecimal> counts, TreeSet<String> features) {
        BigDecimal of(Metric metric) {
            return counts.getOrDefault(metric, BigDecimal.ZERO);
        }
    }

    private Held held(LicenseId license, Instant now) {
        var counts = jdbc.sql("""
                        select coalesce(sum(instances), 0) as instances, coalesce(sum(throughput_bps), 0) as throughput_bps,
                            coalesce(sum(virtual_services), 0) as virtual_services
                        from licensing.pool_share where license_id = ? and released_at is null and held_until > ?
                        """)
                .params(license.value(), Rows.utc(now))
                .query((row, number) -> Map.of(
                        Metric.INSTANCES, row.getBigDecimal("instances"),
                        Metric.THROUGHPUT_BPS, row.getBigDecimal("throughput_bps"),
                        Metric.VIRTUAL_SERVICES, row.getBigDecimal("virtual_services")))
                .single();
        var features = jdbc.sql("""
                        select distinct unnest(features) from licensing.pool_share
                        where license_id = ? and released_at is null and held_until > ?
                        """)
                .params(license.value(), Rows.utc(now))
                .query(String.class)
                .list();
        return new Held(counts, new TreeSet<>(features));
    }
}
