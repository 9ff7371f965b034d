package io.garrison.instances;

import io.garrison.licensing.SeatLease;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of instances, as people see it and as decisions need it. */
@Repository
class Instances {

    private static final String CONNECTED = "i.lifecycle in ('ENROLLED', 'SYNCING', 'ONLINE', 'MAINTENANCE')";

    /** What the instance said, corrected by what has happened since. */
    static final String SYNC = """
            case when i.lifecycle = 'PENDING' then 'NEVER_APPLIED'
                 when not (%s) then 'UNKNOWN'
                 when i.sync_state in ('APPLYING', 'OUT_OF_SYNC') then i.sync_state
                 when i.sync_state = 'FAILED' and i.error_revision = s.latest_revision then 'FAILED'
                 when i.applied_revision = 0 then 'NEVER_APPLIED'
                 when i.applied_incarnation <> s.incarnation or i.applied_revision > s.latest_revision then 'OUT_OF_SYNC'
                 when i.applied_revision < s.latest_revision then 'MODIFIED'
                 when i.applied_sha256 <> s.latest_sha256 then 'OUT_OF_SYNC'
                 else 'IN_SYNC' end""".formatted(CONNECTED);

    static final String HEALTH = """
            case when not (%s) or i.data_plane_running is null then 'UNKNOWN'
                 when not i.data_plane_running and s.latest_revision = 0 then 'UNKNOWN'
                 when not i.data_plane_running then 'DOWN'
                 when i.degraded then 'DEGRADED'
                 else 'UP' end""".formatted(CONNECTED);

    static final String FROM = """
             from instances.instance i
             join instances.stack s on s.tenant_id = i.tenant_id and s.id = i.stack_id
            """;

    static final String SUMMARY = """
            select i.*, s.name as stack_name, s.latest_revision, %s as sync, %s as health,
                   t.enforcement, t.reason, t.granted_bps, t.in_bps, t.out_bps
            """.formatted(SYNC, HEALTH) + FROM
            + " left join instances.throughput_share t on t.tenant_id = i.tenant_id and t.instance_id = i.id\n";

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
        return jdbc.sql(SUMMARY + " where i.id = ?")
                .param(id.value())
                .query(Instances::summary)
                .optional();
    }

    List<InstanceSummary> summaries(@Nullable StackId stack, @Nullable InstanceId after, int limit) {
        return jdbc.sql(SUMMARY + """
                         where i.lifecycle <> 'RETIRED'
                           and (cast(:stack as uuid) is null or i.stack_id = cast(:stack as uuid))
                           and (cast(:after as uuid) is null or (i.enrolled_at, i.id) >
                               (select a.enrolled_at, a.id from instances.instance a where a.id = cast(:after as uuid)))
                         order by i.enrolled_at, i.id limit :limit""")
                .param("stack", stack == null ? null : stack.value())
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(Instances::summary)
                .list();
    }

    /** Holds the row until the transaction ends. */
    Optional<Row> lock(InstanceId id) {
        return jdbc.sql("""
                        select i.id, i.stack_id, s.sub_license_id, i.name, i.lifecycle, i.drain, i.applied_revision,
                               i.seat_until, i.seat_renewed_at, i.offline_lease_until
                        """ + FROM + " where i.id = ? for update of i")
                .param(id.value())
                .query((row, n) -> new Row(
                        new InstanceId(Sql.uuid(row, "id")),
                        new StackId(Sql.uuid(row, "stack_id")),
                        new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                        row.getString("name"),
                        LifecycleState.valueOf(row.getString("lifecycle")),
                        row.getBoolean("drain"),
                        row.getLong("applied_revision"),
                        Sql.instant(row, "seat_until"),
                        Sql.instant(row, "seat_renewed_at"),
                        Sql.instant(row, "offline_lease_until")))
                .optional();
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

    static InstanceSummary summary(ResultSet row, int number) throws SQLException {
        var errorCode = row.getString("error_code");
        var services = row.getString("virtual_services");
        var spool = row.getString("spool");
        return new InstanceSummary(
                new InstanceId(Sql.uuid(row, "id")),
                new StackId(Sql.uuid(row, "stack_id")),
                row.getString("stack_name"),
                row.getString("name"),
                LifecycleState.valueOf(row.getString("lifecycle")),
                SyncState.valueOf(row.getString("sync")),
                InstanceHealth.valueOf(row.getString("health")),
                row.getString("ha_role"),
                row.getLong("applied_revision"),
                row.getLong("latest_revision"),
                row.getString("agent_version"),
                row.getString("data_plane_version"),
                Sql.instant(row, "last_seen"),
                errorCode == null
                        ? null
                        : new Report.ApplyError(
                                row.getLong("error_revision"), errorCode, row.getString("error_message")),
                services == null ? List.of() : Arrays.asList(Sql.read(services, Report.ServiceState[].class)),
                spool == null ? null : Sql.read(spool, Report.SpoolState.class),
                Sql.requiredInstant(row, "enrolled_at"),
                Sql.instant(row, "seat_until"),
                Sql.requiredInstant(row, "certificate_until"),
                facts(row),
                license(row),
                Sql.instant(row, "offline_lease_until"),
                throughput(row));
    }

    private static @Nullable InstanceThroughput throughput(ResultSet row) throws SQLException {
        var enforcement = row.getString("enforcement");
        return enforcement == null
                ? null
                : new InstanceThroughput(
                        row.getObject("granted_bps", Long.class),
                        enforcement,
                        row.getString("reason"),
                        row.getLong("in_bps"),
                        row.getLong("out_bps"));
    }

    private static Report.@Nullable LicenseState license(ResultSet row) throws SQLException {
        var state = row.getString("license_state");
        return state == null
                ? null
                : new Report.LicenseState(
                        state, row.getObject("lease_id", UUID.class), Sql.instant(row, "lease_until"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> facts(ResultSet row) throws SQLException {
        return new TreeMap<>((Map<String, String>) Sql.read(row.getString("facts"), Map.class));
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
