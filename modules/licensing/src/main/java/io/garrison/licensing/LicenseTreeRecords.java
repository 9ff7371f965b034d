package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What hangs on a licence, across all tenants, so only in the provider's scope; each in one query. */
@Repository
class LicenseTreeRecords {

    private static final String HELD = "p.released_at is null and p.held_until > :now";
    private static final String COUNTED = "(" + HELD + " or p.outliving > 0 and p.outliving_until > :now)";

    private final JdbcClient jdbc;

    LicenseTreeRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param allotment that it is cut from; null for the licence itself */
    record Hanging(TenantId tenant, @Nullable AllotmentId allotment, Stored subLicense) {}

    List<Hanging> subLicenses(LicenseId license, Instant now, int limit) {
        return jdbc.sql("""
                        select s.*, p.allotment_id from licensing.sub_license s
                        join licensing.pool_share p on p.sub_license_id = s.id
                        where s.allocated_from = :license and (s.revoked_at is null or
                        """ + COUNTED + ") order by s.created_at, s.id limit :limit")
                .param("license", license.value())
                .param("now", Rows.utc(now))
                .param("limit", limit)
                .query(LicenseTreeRecords::hanging)
                .list();
    }

    /** What has been cut from each allotment of the licence; those that nothing is cut from are not named. */
    Map<AllotmentId, Held> cut(LicenseId license, Instant now) {
        var held = new HashMap<AllotmentId, Held>();
        jdbc.sql("""
                        select p.allotment_id, sum(case when not held then outliving
                                else instances::numeric + over_instances
                                    + case when lingering_until > :now then lingering else 0 end end) as instances,
                            coalesce(sum(throughput_bps) filter (where held), 0) as throughput_bps,
                            coalesce(sum(virtual_services::numeric + over_virtual_services) filter (where held), 0)
                                as virtual_services
                        from licensing.pool_share p,
                            lateral (select p.released_at is null and p.held_until > :now as held) h
                        where p.allotment_id is not null and p.license_id = :license and
                        """ + COUNTED + " group by p.allotment_id")
                .param("license", license.value())
                .param("now", Rows.utc(now))
                .query(row -> {
                    held.put(
                            new AllotmentId(Rows.uuid(row, "allotment_id")),
                            new Held(PoolShares.counts(row, 0), new TreeSet<>()));
                });
        jdbc.sql("""
                        select distinct p.allotment_id, unnest(p.features) as feature
                        from licensing.pool_share p where p.allotment_id is not null and p.license_id = :license and
                        """ + HELD)
                .param("license", license.value())
                .param("now", Rows.utc(now))
                .query(row -> {
                    var of = held.get(new AllotmentId(Rows.uuid(row, "allotment_id")));
                    if (of != null) {
                        of.features().add(row.getString("feature"));
                    }
                });
        return held;
    }

    /** By sub-licence: the seats that are taken, and what was told of the other metrics. */
    Map<UUID, Map<Metric, Long>> used(LicenseId license, Instant now) {
        var used = new HashMap<UUID, Map<Metric, Long>>();
        jdbc.sql("""
                        select s.id, coalesce(c.metric, 'INSTANCES') as metric, coalesce(c.used, (select count(*)
                            from licensing.seat_lease l where l.tenant_id = s.tenant_id and l.sub_license_id = s.id
                                and l.expires_at > :now)) as used
                        from licensing.sub_license s
                        cross join lateral (select null::text as metric, null::bigint as used union all
                            select metric, used from licensing.consumption c
                            where c.tenant_id = s.tenant_id and c.sub_license_id = s.id) as c
                        where s.allocated_from = :license
                        """)
                .param("license", license.value())
                .param("now", Rows.utc(now))
                .query(row -> {
                    used.computeIfAbsent(Rows.uuid(row, "id"), id -> new EnumMap<>(Metric.class))
                            .put(Metric.valueOf(row.getString("metric")), row.getLong("used"));
                });
        return used;
    }

    private static Hanging hanging(ResultSet row, int number) throws SQLException {
        var allotment = row.getObject("allotment_id", UUID.class);
        return new Hanging(
                new TenantId(Rows.uuid(row, "tenant_id")),
                allotment == null ? null : new AllotmentId(allotment),
                SubLicenseRecords.stored(row, number));
    }
}
