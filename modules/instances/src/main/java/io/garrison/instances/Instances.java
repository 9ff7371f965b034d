package io.garrison.instances;

import io.garrison.licensing.SeatLease;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of instances, as people see it and as decisions need it. */
@Repository
class Instances {

    static final String FROM = """
             from instances.instance i
             join instances.stack s on s.tenant_id = i.tenant_id and s.id = i.stack_id
            """;

    private static final String DECISIVE = """
            select i.id, i.stack_id, s.sub_license_id, i.name, i.lifecycle, i.drain, i.applied_revision,
                   i.seat_until, i.seat_renewed_at, i.offline_lease_until
            """;

    private final JdbcClient jdbc;

    Instances(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What the services decide by. */
    record Row(
            InstanceId id,
            StackId stack,
            SubLicenseId subLicense,
            String name,
            LifecycleState lifecycle,
            boolean drain,
            long appliedRevision,
            @Nullable Instant seatUntil,
            @Nullable Instant seatRenewedAt,
            @Nullable Instant offlineLeaseUntil) {}

    Optional<InstanceSummary> summary(InstanceId id) {
        return jdbc.sql(InstanceSummaries.SELECT + " where i.id = ?")
                .param(id.value())
                .query(InstanceSummaries::read)
                .optional();
    }

    List<InstanceSummary> summaries(@Nullable StackId stack, @Nullable InstanceId after, int limit) {
        return jdbc.sql(InstanceSummaries.SELECT + """
                         where i.lifecycle <> 'RETIRED'
                           and (cast(:stack as uuid) is null or i.stack_id = cast(:stack as uuid))
                           and (cast(:after as uuid) is null or (i.enrolled_at, i.id) >
                               (select a.enrolled_at, a.id from instances.instance a where a.id = cast(:after as uuid)))
                         order by i.enrolled_at, i.id limit :limit""")
                .param("stack", stack == null ? null : stack.value())
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(InstanceSummaries::read)
                .list();
    }

    /**
     * What a heartbeat is taken by.
     *
     * @param reportedSha256 digest of what was reported last; null if nothing was
     * @param openFlush newest request for registers that the instance has not answered
     */
    record Reporting(
            Row row,
            long latestRevision,
            @Nullable String reportedSha256,
            @Nullable UUID openFlush) {}

    /** Holds the row until the transaction ends. */
    Optional<Row> lock(InstanceId id) {
        return jdbc.sql(DECISIVE + FROM + " where i.id = ? for update of i")
                .param(id.value())
                .query((row, n) -> row(row))
                .optional();
    }

    /** As it is at the moment. */
    Optional<Row> find(InstanceId id) {
        return jdbc.sql(DECISIVE + FROM + " where i.id = ?")
                .param(id.value())
                .query((row, n) -> row(row))
                .optional();
    }

    /** Holds the row until the transaction ends. */
    Optional<Reporting> lockReporting(InstanceId id) {
        return jdbc.sql(DECISIVE + """
                        , s.latest_revision, i.reported_sha256,
                               (select f.flush_id from instances.flush_target f
                                 where f.instance_id = i.id and f.answered_at is null
                                 order by f.requested_at desc limit 1) as open_flush
                        """ + FROM + " where i.id = ? for update of i")
                .param(id.value())
                .query((row, n) -> new Reporting(
                        row(row),
                        row.getLong("latest_revision"),
                        row.getString("reported_sha256"),
                        row.getObject("open_flush", UUID.class)))
                .optional();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new InstanceId(Sql.uuid(row, "id")),
                new StackId(Sql.uuid(row, "stack_id")),
                new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                row.getString("name"),
                LifecycleState.valueOf(row.getString("lifecycle")),
                row.getBoolean("drain"),
                row.getLong("applied_revision"),
                Sql.instant(row, "seat_until"),
                Sql.instant(row, "seat_renewed_at"),
                Sql.instant(row, "offline_lease_until"));
    }

    void insert(
            InstanceId id,
            StackId stack,
            String wanted,
            Map<String, String> facts,
            Instant now,
            Instant certificateUntil) {
        jdbc.sql("""
                        insert into instances.instance
                            (tenant_id, id, stack_id, name, lifecycle, lifecycle_since, facts, enrolled_at, certificate_until)
                        values (?, ?, ?, ?, 'PENDING', ?, cast(? as json), ?, ?)""")
                .params(
                        CurrentTenant.require().value(),
                        id.value(),
                        stack.value(),
                        freeName(stack, wanted),
                        Sql.time(now),
                        Sql.json(facts),
                        Sql.time(now),
                        Sql.time(certificateUntil))
                .update();
    }

    /** The stack's row is locked, so nobody takes the name in between. */
    private String freeName(StackId stack, String wanted) {
        var taken =
                jdbc.sql("""
                        select name from instances.instance
                         where stack_id = ? and lifecycle <> 'RETIRED' and starts_with(name, ?)""").params(stack.value(), wanted).query(String.class).set();
        var name = wanted;
        for (int number = 2; taken.contains(name); number++) {
            name = wanted + "-" + number;
        }
        return name;
    }

    void enter(InstanceId id, LifecycleState state, boolean drain, Instant now) {
        jdbc.sql("""
                        update instances.instance
                           set lifecycle_since = case when lifecycle = :state then lifecycle_since else :now end,
                               lifecycle = :state, drain = :drain
                         where id = :id""")
                .param("state", state.name())
                .param("drain", drain)
                .param("now", Sql.time(now))
                .param("id", id.value())
                .update();
    }

    /** @param lease null if its seat is gone */
    void seat(InstanceId id, @Nullable SeatLease lease, Instant now) {
        jdbc.sql("""
                        update instances.instance
                           set seat_until = ?, offline_lease_until = ?, seat_renewed_at = ? where id = ?""")
                .param(lease == null ? null : Sql.time(lease.until()))
                .param(lease == null || !lease.offline() ? null : Sql.time(lease.until()))
                .param(Sql.time(now))
                .param(id.value())
                .update();
    }

    void addCertificate(InstanceId id, String serial, Instant issuedAt, Instant notAfter) {
        jdbc.sql("""
                        insert into instances.instance_certificate (tenant_id, serial, instance_id, issued_at, not_after)
                        values (?, ?, ?, ?, ?)""")
                .params(CurrentTenant.require().value(), serial, id.value(), Sql.time(issuedAt), Sql.time(notAfter))
                .update();
        jdbc.sql("delete from instances.instance_certificate where instance_id = ? and not_after < ?")
                .params(id.value(), Sql.time(issuedAt))
                .update();
        jdbc.sql("update instances.instance set certificate_until = ? where id = ?")
                .params(Sql.time(notAfter), id.value())
                .update();
    }

    void revokeCertificates(InstanceId id, Instant now) {
        jdbc.sql("""
                        update instances.instance_certificate set revoked_at = ?
                         where instance_id = ? and revoked_at is null""").params(Sql.time(now), id.value()).update();
    }

    /** What it has used is billed to the sub-licence of this moment, whatever becomes of the stack. */
    void keepSubLicense(InstanceId id) {
        jdbc.sql("""
                        update instances.instance i set left_sub_license_id = s.sub_license_id
                          from instances.stack s
                         where s.tenant_id = i.tenant_id and s.id = i.stack_id and i.id = ?
                           and i.left_sub_license_id is null""").param(id.value()).update();
    }

    /** What the instance's use is billed to: its stack's sub-licence, or that of when it left the stack. */
    Optional<SubLicenseId> subLicense(InstanceId id) {
        return jdbc.sql("""
                        select coalesce(i.left_sub_license_id, s.sub_license_id) as sub_license_id
                          from instances.instance i
                          join instances.stack s on s.tenant_id = i.tenant_id and s.id = i.stack_id
                         where i.id = ?""")
                .param(id.value())
                .query((row, n) -> new SubLicenseId(Sql.uuid(row, "sub_license_id")))
                .optional();
    }

    /** @param until when registers of an instance that is out of its stack are taken; null for not at all */
    void takeRegisters(InstanceId id, @Nullable Instant until) {
        jdbc.sql("update instances.instance set registers_until = ? where id = ?")
                .param(until == null ? null : Sql.time(until))
                .param(id.value())
                .update();
    }

    /** Whether registers of the instance are taken although its certificates are revoked. */
    boolean takesRegisters(InstanceId id, Instant now) {
        return jdbc.sql("select registers_until > ? from instances.instance where id = ?")
                .params(Sql.time(now), id.value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** The bound tenant's instance of this certificate, if the certificate is known and not revoked. */
    Optional<LifecycleState> authenticate(EdgeIdentity identity, String serial) {
        return holder(identity, serial, " and c.revoked_at is null");
    }

    /** Whose certificate it is or was. */
    Optional<LifecycleState> holder(EdgeIdentity identity, String serial) {
        return holder(identity, serial, "");
    }

    private Optional<LifecycleState> holder(EdgeIdentity identity, String serial, String more) {
        return jdbc.sql("""
                        select i.lifecycle from instances.instance i
                          join instances.instance_certificate c
                            on c.tenant_id = i.tenant_id and c.instance_id = i.id
                         where i.id = ? and i.stack_id = ? and c.serial = ?""" + more)
                .params(identity.instanceId().value(), identity.stackId().value(), serial)
                .query((row, n) -> LifecycleState.valueOf(row.getString("lifecycle")))
                .optional();
    }

    /** Whether the instance was given no certificate after this one. */
    boolean isNewest(InstanceId id, String serial) {
        return jdbc.sql("""
                        select serial = ? from instances.instance_certificate
                         where instance_id = ? order by issued_at desc limit 1""")
                .params(serial, id.value())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** When the certificate was issued. */
    Optional<Instant> issuedAt(UUID instance, String serial) {
        return jdbc.sql("select issued_at from instances.instance_certificate where instance_id = ? and serial = ?")
                .params(instance, serial)
                .query((row, n) -> Sql.requiredInstant(row, "issued_at"))
                .optional();
    }
}
