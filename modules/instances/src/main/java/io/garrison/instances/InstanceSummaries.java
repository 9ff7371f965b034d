package io.garrison.instances;

import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How instances are read as people see them. */
final class InstanceSummaries {

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

    static final String SELECT = """
            select i.*, b.last_seen, b.spool, b.machine, s.name as stack_name, s.latest_revision, %s as sync, %s as health,
                   t.enforcement, t.reason, t.granted_bps, t.in_bps, t.out_bps
            """.formatted(SYNC, HEALTH) + Instances.FROM + """
             left join instances.throughput_share t on t.tenant_id = i.tenant_id and t.instance_id = i.id
             left join instances.heartbeat b on b.tenant_id = i.tenant_id and b.instance_id = i.id
            """;

    private InstanceSummaries() {}

    static InstanceSummary read(ResultSet row, int number) throws SQLException {
        var errorCode = row.getString("error_code");
        var services = row.getString("virtual_services");
        var spool = row.getString("spool");
        var machine = row.getString("machine");
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
                throughput(row),
                Sql.instant(row, "registers_until"),
                machine == null ? null : Sql.read(machine, Report.MachineLoad.class));
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
}
