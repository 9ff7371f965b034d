package io.garrison.licensing;

import io.garrison.licensing.PlanManagement.Cut;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Plans, their versions, and what was cut from them. */
@Repository
class PlanRecords {

    private static final String SELECT = """
            select v.*, p.created_at, p.retired_at from licensing.plan p
            join licensing.plan_version v on v.plan_id = p.id and v.version = p.version\s""";

    private final JdbcClient jdbc;

    PlanRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(PlanId id, PlanTerms terms, Instant at) {
        jdbc.sql("insert into licensing.plan (id, name, version, created_at) values (?, ?, 1, ?)")
                .params(id.value(), terms.name(), Rows.utc(at))
                .update();
        addVersion(id, 1, terms, at);
    }

    void change(PlanId id, long version, PlanTerms terms, Instant at) {
        jdbc.sql("update licensing.plan set name = ?, version = ? where id = ?")
                .params(terms.name(), version, id.value())
                .update();
        addVersion(id, version, terms, at);
    }

    private void addVersion(PlanId id, long version, PlanTerms terms, Instant at) {
        var granted = terms.entitlements();
        var insert = jdbc.sql("""
                        insert into licensing.plan_version (plan_id, version, name, at, actor, grace_days, term_days,
                            instances, throughput_bps, virtual_services, features,
                            instances_overage, instances_ceiling, throughput_bps_overage, throughput_bps_ceiling,
                            virtual_services_overage, virtual_services_ceiling)
                        values (:plan, :version, :name, :at, :actor, :grace, :term,
                            :instances, :throughput, :services, :features,
                            :instancesOverage, :instancesCeiling, :throughputOverage, :throughputCeiling,
                            :servicesOverage, :servicesCeiling)
                        """);
        insert.param("plan", id.value())
                .param("version", version)
                .param("name", terms.name())
                .param("at", Rows.utc(at))
                .param("actor", Actor.current().name())
                .param("grace", terms.graceDays())
                .param("term", terms.termDays())
                .param("instances", granted.instances())
                .param("throughput", granted.throughputBps())
                .param("services", granted.virtualServices())
                .param("features", granted.features().toArray(String[]::new))
                .params(SubLicenseRecords.overages(terms.overages()))
                .update();
    }

    Optional<PlanSummary> find(PlanId id) {
        return jdbc.sql(SELECT + "where p.id = ?")
                .param(id.value())
                .query(PlanRecords::plan)
                .optional();
    }

    /** Holds the plan until the transaction ends. */
    Optional<PlanSummary> lock(PlanId id) {
        return jdbc.sql(SELECT + "where p.id = ? for no key update of p")
                .param(id.value())
                .query(PlanRecords::plan)
                .optional();
    }

    List<PlanSummary> page(@Nullable PlanId after, int limit) {
        return jdbc.sql(SELECT + """
                        where p.retired_at is null and (:after::uuid is null or (lower(p.name), p.id) >
                            (select lower(name), id from licensing.plan where id = :after::uuid))
                        order by lower(p.name), p.id limit :limit
                        """)
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(PlanRecords::plan)
                .list();
    }

    void retire(PlanId id, Instant at) {
        jdbc.sql("update licensing.plan set retired_at = ? where id = ?")
                .params(Rows.utc(at), id.value())
                .update();
    }

    void cut(SubLicenseId made, PlanSummary plan, Instant at) {
        jdbc.sql("""
                        insert into licensing.plan_cut (tenant_id, sub_license_id, plan_id, plan_version, at)
                        values (?, ?, ?, ?, ?)
                        """)
                .params(CurrentTenant.require().value(), made.value(), plan.id().value(), plan.version(), Rows.utc(at))
                .update();
    }

    /** In the provider's scope, of all tenants. */
    List<Cut> cuts(PlanId id, @Nullable SubLicenseId after, int limit) {
        return jdbc.sql("""
                        select * from licensing.plan_cut
                        where plan_id = :plan and (:after::uuid is null or (at, sub_license_id) <
                            (select at, sub_license_id from licensing.plan_cut where sub_license_id = :after::uuid))
                        order by at desc, sub_license_id desc limit :limit
                        """)
                .param("plan", id.value())
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query((row, number) -> new Cut(
                        new TenantId(Rows.uuid(row, "tenant_id")),
                        Rows.uuid(row, "sub_license_id"),
                        row.getLong("plan_version"),
                        Rows.instant(row, "at")))
                .list();
    }

    private static PlanSummary plan(ResultSet row, int number) throws SQLException {
        return new PlanSummary(
                new PlanId(Rows.uuid(row, "plan_id")),
                new PlanTerms(
                        row.getString("name"),
                        Rows.entitlements(row),
                        Rows.overages(row),
                        row.getInt("grace_days"),
                        row.getInt("term_days")),
                row.getLong("version"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "at"),
                Rows.optionalInstant(row, "retired_at"));
    }
}
