package io.garrison.licensing;

import io.garrison.licensing.Overage.Policy;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The bound tenant's intervals of overage, and what was told of its consumption. */
@Repository
class OverageIntervals {

    private final JdbcClient jdbc;

    OverageIntervals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<OverageInterval> open(SubLicenseId id, Metric metric) {
        return jdbc.sql("""
                        select * from licensing.overage_interval
                        where sub_license_id = ? and metric = ? and ended_at is null for update
                        """)
                .params(id.value(), metric.name())
                .query(OverageIntervals::interval)
                .optional();
    }

    /** One that would have no length is not kept. */
    void end(OverageInterval open, Instant at) {
        var sql = at.isAfter(open.from())
                ? "update licensing.overage_interval set ended_at = :at"
                : "delete from licensing.overage_interval";
        jdbc.sql(sql + " where id = :id")
                .param("at", Rows.utc(at))
                .param("id", open.id())
                .update();
    }

    void begin(OverageInterval fresh) {
        jdbc.sql("""
                        insert into licensing.overage_interval
                            (tenant_id, id, sub_license_id, metric, began_at, amount, over_limit, policy)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        CurrentTenant.require().value(),
                        fresh.id(),
                        fresh.subLicense().value(),
                        fresh.metric().name(),
                        Rows.utc(fresh.from()),
                        fresh.amount(),
                        fresh.limit(),
                        fresh.policy().name())
                .update();
    }

    List<OverageInterval> page(SubLicenseId id, @Nullable UUID after, int limit) {
        return jdbc.sql("""
                        select * from licensing.overage_interval
                        where sub_license_id = :id and (:after::uuid is null or (began_at, id) <
                            (select began_at, id from licensing.overage_interval where id = :after::uuid))
                        order by began_at desc, id desc limit :limit
                        """)
                .param("id", id.value())
                .param("after", after)
                .param("limit", limit)
                .query(OverageIntervals::interval)
                .list();
    }

    void tell(SubLicenseId id, Metric metric, long used, Instant at) {
        jdbc.sql("""
                        insert into licensing.consumption (tenant_id, sub_license_id, metric, used, told_at)
                        values (?, ?, ?, ?, ?)
                        on conflict (tenant_id, sub_license_id, metric)
                        do update set used = excluded.used, told_at = excluded.told_at
                        """)
                .params(CurrentTenant.require().value(), id.value(), metric.name(), used, Rows.utc(at))
                .update();
    }

    Optional<Long> told(SubLicenseId id, Metric metric) {
        return jdbc.sql("select used from licensing.consumption where sub_license_id = ? and metric = ?")
                .params(id.value(), metric.name())
                .query(Long.class)
                .optional();
    }

    private static OverageInterval interval(ResultSet row, int number) throws SQLException {
        return new OverageInterval(
                Rows.uuid(row, "id"),
                new SubLicenseId(Rows.uuid(row, "sub_license_id")),
                Metric.valueOf(row.getString("metric")),
                Rows.instant(row, "began_at"),
                Rows.optionalInstant(row, "ended_at"),
                row.getLong("amount"),
                row.getLong("over_limit"),
                Policy.valueOf(row.getString("policy")));
    }
}
