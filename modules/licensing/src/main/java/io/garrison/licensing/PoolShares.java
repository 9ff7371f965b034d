package io.garrison.licensing;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of shares. PostgreSQL adds them up in {@code numeric}. */
@Repository
class PoolShares {

    private static final String SUM = """
            select coalesce(sum(instances::numeric + over_instances
                    + case when lingering_until > :now then lingering else 0 end), 0) as instances,
                coalesce(sum(throughput_bps), 0) as throughput_bps,
                coalesce(sum(virtual_services::numeric + over_virtual_services), 0) as virtual_services
            from licensing.pool_share where released_at is null and held_until > :now and\s""";

    private final JdbcClient jdbc;

    PoolShares(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Held held(LicenseId license, Instant now) {
        var counts = jdbc.sql(SUM + "license_id = :license")
                .param("now", Rows.utc(now))
                .param("license", license.value())
                .query(PoolShares::counts)
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

    /** Nothing if it was released or went back. */
    Held heldBy(SubLicenseId holder, Instant now) {
        var counts = jdbc.sql(SUM + "sub_license_id = :holder")
                .param("now", Rows.utc(now))
                .param("holder", holder.value())
                .query(PoolShares::counts)
                .single();
        return new Held(counts, Set.of());
    }

    void insert(LicenseId license, PoolShare share) {
        jdbc.sql("""
                        insert into licensing.pool_share (sub_license_id, license_id, instances, throughput_bps,
                            virtual_services, features, held_until)
                        values (:id, :license, :instances, :throughput, :services, :features, :until)
                        """)
                .param("id", share.holder().value())
                .param("license", license.value())
                .param("instances", share.granted().instances())
                .param("throughput", share.granted().throughputBps())
                .param("services", share.granted().virtualServices())
                .param("features", share.granted().features().toArray(String[]::new))
                .param("until", Rows.utc(share.until()))
                .update();
    }

    void update(PoolShare share) {
        int changed = jdbc.sql("""
                        update licensing.pool_share set instances = :instances, throughput_bps = :throughput,
                            virtual_services = :services, features = :features, held_until = :until, released_at = null,
                            lingering = :lingering, lingering_until = :lingeringUntil,
                            over_instances = :overInstances, over_virtual_services = :overServices
                        where sub_license_id = :id
                        """)
                .param("id", share.holder().value())
                .param("instances", share.granted().instances())
                .param("throughput", share.granted().throughputBps())
                .param("services", share.granted().virtualServices())
                .param("features", share.granted().features().toArray(String[]::new))
                .param("until", Rows.utc(share.until()))
                .param("lingering", share.lingering().seats())
                .param("lingeringUntil", Rows.utc(share.lingering().until()))
                .param("overInstances", share.over().instances())
                .param("overServices", share.over().virtualServices())
                .update();
        if (changed != 1) {
            throw new IllegalStateException("sub-licence " + share.holder() + " has no share of a pool");
        }
    }

    /** What is used beyond the limit. Throughput has been used when it is known, so none of the pool is kept for it. */
    void over(SubLicenseId holder, Metric metric, long amount) {
        var column = switch (metric) {
            case INSTANCES -> "over_instances";
            case VIRTUAL_SERVICES -> "over_virtual_services";
            case THROUGHPUT_BPS, FEATURES -> null;
        };
        if (column != null) {
            jdbc.sql("update licensing.pool_share set " + column + " = ? where sub_license_id = ?")
                    .params(amount, holder.value())
                    .update();
        }
    }

    /** Its time alone. */
    void extend(PoolShare share) {
        jdbc.sql("update licensing.pool_share set held_until = ?, released_at = null where sub_license_id = ?")
                .params(Rows.utc(share.until()), share.holder().value())
                .update();
    }

    void release(SubLicenseId holder, Instant at) {
        jdbc.sql("update licensing.pool_share set released_at = ? where sub_license_id = ? and released_at is null")
                .params(Rows.utc(at), holder.value())
                .update();
    }

    void holdUntil(SubLicenseId holder, Instant until) {
        jdbc.sql("update licensing.pool_share set held_until = least(held_until, ?) where sub_license_id = ?")
                .params(Rows.utc(until), holder.value())
                .update();
    }

    private static Map<Metric, BigDecimal> counts(ResultSet row, int number) throws SQLException {
        return Map.of(
                Metric.INSTANCES, row.getBigDecimal("instances"),
                Metric.THROUGHPUT_BPS, row.getBigDecimal("throughput_bps"),
                Metric.VIRTUAL_SERVICES, row.getBigDecimal("virtual_services"));
    }
}
