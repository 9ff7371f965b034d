package io.garrison.instances;

import io.garrison.instances.InstanceException.EdgeMessageRefused;
import io.garrison.protocol.Availability;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Writes what an instance reports: what has changed, and that it did. */
@Component
class EdgeReports {

    private static final int MAX_SERVICES = 500;

    private final JdbcClient jdbc;
    private final Instances instances;
    private final Heartbeats heartbeats;
    private final Flushes flushes;
    private final Clock clock;

    EdgeReports(JdbcClient jdbc, Instances instances, Heartbeats heartbeats, Flushes flushes, Clock clock) {
        this.jdbc = jdbc;
        this.instances = instances;
        this.heartbeats = heartbeats;
        this.flushes = flushes;
        this.clock = clock;
    }

    /** What the heartbeat's answer is made of, and the row as it was before. */
    record Taken(Instances.Row before, @Nullable UUID flush) {}

    @Transactional
    public Taken take(EdgeIdentity from, Report report) {
        if (report.virtualServices().size() > MAX_SERVICES) {
            throw new EdgeMessageRefused(
                    "report.too-large", "A report names at most %d services.".formatted(MAX_SERVICES));
        }
        var known = instances.lockReporting(from.instanceId()).orElseThrow(InstanceException.EdgeUnauthenticated::new);
        if (!known.row().lifecycle().mayDialIn()) {
            throw InstanceException.EdgeUnauthenticated.shutOut();
        }
        var now = clock.instant();
        if (heartbeats.take(from.instanceId(), report, now)) {
            store(known, report, now);
        }
        return new Taken(known.row(), flush(from.instanceId(), known.openFlush(), report.flushed(), now));
    }

    private @Nullable UUID flush(InstanceId from, @Nullable UUID open, Report.@Nullable Flushed flushed, Instant now) {
        if (open == null || flushed == null) {
            return open;
        }
        flushes.answer(from, flushed, now);
        return flushes.open(from).orElse(null);
    }

    /** Writes the row only if what is told, or the state of the instance, is not what it was. */
    private void store(Instances.Reporting known, Report report, Instant now) {
        var row = known.row();
        var services = report.virtualServices().stream().map(EdgeReports::told).toList();
        var state = LifecycleState.ofReport(
                row.drain() && report.draining(), report.appliedRevision(), known.latestRevision());
        var told = columns(report, services);
        var sha256 = ProtocolJson.sha256Hex(ProtocolJson.write(told));
        if (sha256.equals(known.reportedSha256()) && state == row.lifecycle()) {
            return;
        }
        jdbc.sql("""
                        update instances.instance
                           set lifecycle_since = case when lifecycle = :state then lifecycle_since else :now end,
                               lifecycle = :state,
                               applied_revision = :applied, applied_incarnation = :incarnation, applied_sha256 = :sha256,
                               sync_state = :sync, error_revision = :errorRevision, error_code = :errorCode,
                               error_message = :errorMessage, data_plane_running = :running, degraded = :degraded,
                               ha_role = :role, agent_version = :agent, data_plane_version = :dataPlane,
                               virtual_services = cast(:services as json),
                               license_state = :license, lease_id = :lease, lease_until = :leaseUntil,
                               reported_sha256 = :reported
                         where id = :id""")
                .param("now", Sql.time(now))
                .param("state", state.name())
                .params(told)
                .param("reported", sha256)
                .param("id", row.id().value())
                .update();
    }

    private static Map<String, @Nullable Object> columns(Report report, List<Report.ServiceState> services) {
        var error = Optional.ofNullable(report.error());
        var license = Optional.ofNullable(report.license());
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("applied", Math.max(0, report.appliedRevision()));
        columns.put("incarnation", report.appliedIncarnation());
        columns.put("sha256", Told.textOrNull(report.appliedSha256(), 64));
        columns.put("sync", report.syncState().name());
        columns.put("errorRevision", error.map(Report.ApplyError::revision).orElse(null));
        columns.put("errorCode", error.map(e -> Told.text(e.code(), 100)).orElse(null));
        columns.put(
                "errorMessage", error.map(e -> Told.text(e.message(), 2_000)).orElse(null));
        columns.put("running", report.dataPlaneRunning());
        columns.put("degraded", isDegraded(services) || isInTrouble(report.availability()));
        columns.put("role", Told.text(report.haRole(), 32));
        columns.put("agent", Told.text(report.agentVersion(), 64));
        columns.put("dataPlane", Told.textOrNull(report.dataPlaneVersion(), 64));
        columns.put("services", Sql.json(services));
        columns.put("license", license.map(told -> Told.text(told.state(), 16)).orElse(null));
        columns.put("lease", license.map(Report.LicenseState::leaseId).orElse(null));
        columns.put(
                "leaseUntil",
                license.map(Report.LicenseState::leaseUntil).map(Sql::time).orElse(null));
        return columns;
    }

    private static boolean isDegraded(List<Report.ServiceState> services) {
        return services.stream()
                .anyMatch(service ->
                        service.state().equals("DEGRADED") || service.state().equals("DOWN"));
    }

    /** Whatever its services say: somebody must look, because it can't do its part in the stack, or traffic is not inspected. */
    private static boolean isInTrouble(@Nullable Availability part) {
        return part != null
                && (part.planError() != null
                        || part.bypass() != null
                        || !part.faults().isEmpty());
    }

    private static Report.ServiceState told(Report.ServiceState service) {
        return new Report.ServiceState(
                Told.text(service.name(), 63),
                Told.text(service.address(), 64),
                service.port(),
                Told.text(service.state(), 16),
                service.membersUp(),
                service.membersTotal());
    }
}
