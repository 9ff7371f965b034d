package io.garrison.licensing;

import io.garrison.licensing.PoolShare.Lingering;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of shares. PostgreSQL adds them up in {@code numeric}. */
@Repository
class PoolShares {

    /** What shares take of what they are cut from, and what outlives those that have ended. */
    private static final String SUM = """
            select coalesce(sum(case when not held then outliving else instances::numeric + over_instances
                    + case when lingering_until > :now then lingering else 0 end end), 0) as instances,
                coalesce(sum(throughput_bps) filter (where held), 0) as throughput_bps,
                coalesce(sum(virtual_services::numeric + over_virtual_services) filter (where held), 0)
                    as virtual_services
            """;

    /** What they take of their licence, {@link PoolShare#heldOfLicense}. */
    private static final String SUM_OF_LICENSE = """
            select coalesce(sum(case when not held then outliving else over_instances
                    + case when allotment_id is null then instances::numeric else 0 end
                    + case when lingering_until > :now then lingering else 0 end end), 0) as instances,
                coalesce(sum(throughput_bps) filter (where held and allotment_id is null), 0) as throughput_bps,
                coalesce(sum(case when allotment_id is null then virtual_services::numeric else 0 end
                    + over_virtual_services) filter (where held), 0) as virtual_services
            """;

    private static final String COUNTED = """
            from licensing.pool_share, lateral (select released_at is null and held_until > :now as held) h
            where (released_at is null and held_until > :now or outliving > 0 and outliving_until > :now) and\s""";

    private final JdbcClient jdbc;

    PoolShares(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What has been given away of a licence: to allotments, and to sub-licences that are cut from itself. */
    Held held(LicenseId license, Instant now) {
        var shares = counts(SUM_OF_LICENSE + COUNTED + "license_id = :id", license.value(), now);
        var allotments =
                jdbc.sql("""
                        select coalesce(sum(instances), 0) as instances, coalesce(sum(throughput_bps), 0) as throughput_bps,
                            coalesce(sum(virtual_services), 0) as virtual_services
                        from licensing.allotment where license_id = ? and released_at is null
                        """).param(license.value()).query(PoolShares::counts).single();
        var features = jdbc.sql("""
                        select distinct unnest(features) from licensing.pool_share
                        where license_id = :id and released_at is null and held_until > :now
                        union select unnest(features) from licensing.allotment
                        where license_id = :id and released_at is null
                        """)
                .param("id", license.value())
                .param("now", Rows.utc(now))
                .query(String.class)
                .list();
        return new Held(shares, new TreeSet<>(features)).plus(new Held(allotments, Set.of()));
    }

    /** What has been cut from an allotment. */
    Held held(AllotmentId allotment, Instant now) {
        var features = jdbc.sql("""
                        select distinct unnest(features) from licensing.pool_share
                        where allotment_id = ? and released_at is null and held_until > ?
                        """)
                .params(allotment.value(), Rows.utc(now))
                .query(String.class)
                .list();
        return new Held(counts(SUM + COUNTED + "allotment_id = :id", allotment.value(), now), new TreeSet<>(features));
    }

    /** By how many sub-licences. */
    long holders(AllotmentId allotment, Instant now) {
        return jdbc.sql("""
                        select count(*) from licensing.pool_share
                        where allotment_id = ? and released_at is null and held_until > ?
                        """)
                .params(allotment.value(), Rows.utc(now))
                .query(Long.class)
                .single();
    }

    /** What it takes of what it is cut from; nothing if it was released or went back. */
    Held heldBy(SubLicenseId holder, Instant now) {
        return new Held(counts(SUM + COUNTED + "sub_license_id = :id", holder.value(), now), Set.of());
    }

    /** What it takes of its licence; nothing if it was released or went back. */
    Held heldOfLicenseBy(SubLicenseId holder, Instant now) {
        return new Held(counts(SUM_OF_LICENSE + COUNTED + "sub_license_id = :id", holder.value(), now), Set.of());
    }

    private Map<Metric, BigDecimal> counts(String sum, UUID id, Instant now) {
        return jdbc.sql(sum)
                .param("now", Rows.utc(now))
                .param("id", id)
                .query(PoolShares::counts)
                .single();
    }

    void insert(LicenseId license, PoolShare share) {
        jdbc.sql("""
                        insert into licensing.pool_share (sub_license_id, license_id, allotment_id, instances,
                            throughput_bps, virtual_services, features, held_until)
                        values (:id, :license, :allotment, :instances, :throughput, :services, :features, :until)
                        """)
                .param("id", share.holder().value())
                .param("license", license.value())
                .param(
                        "allotment",
                        share.allotment() == null ? null : share.allotment().value())
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

    /** Of those seats that linger so many are left, of which some may count in what is granted. */
    void lingerNoMore(SubLicenseId holder, Lingering left) {
        jdbc.sql("""
                        update licensing.pool_share set lingering = least(lingering, ?),
                            lingering_until = least(lingering_until, ?)
                        where sub_license_id = ?
                        """)
                .params(left.seats(), Rows.utc(left.until()), holder.value())
                .update();
    }

    /** Counts the seats of offline leases that end after the share does. */
    void outlive(SubLicenseId holder, Instant now) {
        jdbc.sql("""
                        update licensing.pool_share p set outliving = l.seats, outliving_until = l.until
                        from (select count(*) as seats, max(expires_at) as until from licensing.seat_lease
                            join licensing.pool_share s using (sub_license_id)
                            where sub_license_id = :id and offline
                                and expires_at > greatest(:now, least(s.released_at, s.held_until))) as l
                        where p.sub_license_id = :id
                        """).param("id", holder.value()).param("now", Rows.utc(now)).update();
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

    static Map<Metric, BigDecimal> counts(ResultSet row, int number) throws SQLException {
        return Map.of(
                Metric.INSTANCES, row.getBigDecimal("instances"),
                Metric.THROUGHPUT_BPS, row.getBigDecimal("throughput_bps"),
                Metric.VIRTUAL_SERVICES, row.getBigDecimal("virtual_services"));
    }
}
