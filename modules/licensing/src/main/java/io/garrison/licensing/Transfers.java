package io.garrison.licensing;

import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.Transfer.State;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of transfers: of the bound tenant, or of all in the provider's scope. */
@Repository
class Transfers {

    private final JdbcClient jdbc;

    Transfers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Transfer fresh) {
        jdbc.sql("""
                        insert into licensing.transfer (tenant_id, id, sub_license_id, to_tenant, to_sub_license, instances,
                            throughput_bps, virtual_services, if_leases_break, grace_hours, effective_at, state,
                            requested_at, requested_by, reason)
                        values (:tenant, :id, :from, :toTenant, :to, :instances,
                            :throughput, :services, :rule, :grace, :effective, :state,
                            :requestedAt, :requestedBy, :reason)
                        """)
                .param("tenant", fresh.tenant().value())
                .param("id", fresh.id())
                .param("from", fresh.from().value())
                .param("toTenant", fresh.toTenant().value())
                .param("to", fresh.to().value())
                .param("instances", fresh.amounts().instances())
                .param("throughput", fresh.amounts().throughputBps())
                .param("services", fresh.amounts().virtualServices())
                .param("rule", fresh.rule().ifLeasesBreak().name())
                .param("grace", fresh.rule().graceHours())
                .param("effective", Rows.utc(fresh.effectiveAt()))
                .param("state", fresh.state().name())
                .param("requestedAt", Rows.utc(fresh.requestedAt()))
                .param("requestedBy", fresh.requestedBy())
                .param("reason", fresh.reason())
                .update();
    }

    List<Transfer> page(SubLicenseId from, @Nullable UUID after, int limit) {
        return jdbc.sql("""
                        select * from licensing.transfer
                        where sub_license_id = :from and (:after::uuid is null or (requested_at, id) <
                            (select requested_at, id from licensing.transfer where id = :after::uuid))
                        order by requested_at desc, id desc limit :limit
                        """)
                .param("from", from.value())
                .param("after", after)
                .param("limit", limit)
                .query(Transfers::transfer)
                .list();
    }

    Optional<Transfer> find(UUID id) {
        return jdbc.sql("select * from licensing.transfer where id = ?")
                .param(id)
                .query(Transfers::transfer)
                .optional();
    }

    Optional<Transfer> lock(UUID id) {
        return jdbc.sql("select * from licensing.transfer where id = ? for no key update")
                .param(id)
                .query(Transfers::transfer)
                .optional();
    }

    /** If nobody else has it in hand and it has not ended. */
    Optional<Transfer> lockScheduled(UUID id) {
        return jdbc.sql("""
                        select * from licensing.transfer where id = ? and state = 'SCHEDULED'
                        for no key update skip locked
                        """).param(id).query(Transfers::transfer).optional();
    }

    List<UUID> due(Instant now, int limit) {
        return jdbc.sql("""
                        select id from licensing.transfer where state = 'SCHEDULED' and effective_at <= ?
                        order by effective_at, id limit ?
                        """)
                .params(Rows.utc(now), limit)
                .query((row, number) -> Rows.uuid(row, "id"))
                .list();
    }

    void end(UUID id, State state, Instant at, @Nullable String code, @Nullable String message) {
        jdbc.sql("update licensing.transfer set state = ?, ended_at = ?, code = ?, message = ? where id = ?")
                .param(state.name())
                .param(Rows.utc(at))
                .param(code)
                .param(message)
                .param(id)
                .update();
    }

    private static Transfer transfer(ResultSet row, int number) throws SQLException {
        return new Transfer(
                Rows.uuid(row, "id"),
                new TenantId(Rows.uuid(row, "tenant_id")),
                new SubLicenseId(Rows.uuid(row, "sub_license_id")),
                new TenantId(Rows.uuid(row, "to_tenant")),
                new SubLicenseId(Rows.uuid(row, "to_sub_license")),
                new Entitlements(
                        row.getLong("instances"),
                        row.getLong("throughput_bps"),
                        row.getLong("virtual_services"),
                        Set.of()),
                new LeaseRule(IfLeasesBreak.valueOf(row.getString("if_leases_break")), row.getInt("grace_hours")),
                Rows.instant(row, "effective_at"),
                State.valueOf(row.getString("state")),
                Rows.instant(row, "requested_at"),
                row.getString("requested_by"),
                row.getString("reason"),
                Rows.optionalInstant(row, "ended_at"),
                row.getString("code"),
                row.getString("message"));
    }
}
