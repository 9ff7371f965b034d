package io.garrison.instances;

import io.garrison.instances.InstanceException.EdgeMessageRefused;
import io.garrison.protocol.Report;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Writes what an instance reports, once per heartbeat and into one row. */
@Component
class EdgeReports {

    private static final int MAX_SERVICES = 500;

    private final JdbcClient jdbc;
    private final Instances instances;
    private final Flushes flushes;
    private final Clock clock;

    EdgeReports(JdbcClient jdbc, Instances instances, Flushes flushes, Clock clock) {
        this.jdbc = jdbc;
        this.instances = instances;
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
        var row = instances.lock(from.instanceId()).orElseThrow(InstanceException.EdgeUnauthenticated::new);
        if (!row.lifecycle().mayDialIn()) {
            throw InstanceException.EdgeUnauthenticated.shutOut();
        }
        store(row, report, clock.instant());
        var flushed = report.flushed();
        if (flushed != null) {
            flushes.answer(from.instanceId(), flushed, clock.instant());
        }
        return new Taken(row, flushes.open(from.instanceId()).orElse(null));
    }

    /** A report that comes late, after a newer one of the same run, changes nothing. */
    private void store(Instances.Row row, Report report, Instant now) {
        var services = report.virtualServices().stream().map(EdgeReports::told).toList();
        var state = state(row, report);
        var error = Optional.ofNullable(report.error());
        var license = Optional.ofNullable(report.license());
        jdbc.sql("""
                        update instances.instance
                           set last_seen = :now, boot_id = :boot, report_sequence = :sequence,
                               lifecycle_since = case when lifecycle = :state then lifecycle_since else :now end,
                               lifecycle = :state,
                               applied_revision = :applied, applied_incarnation = :incarnation, applied_sha256 = :sha256,
                               sync_state = :sync, error_revision = :errorRevision, error_code = :errorCode,
                               error_message = :errorMessage, data_plane_running = :running, degraded = :degraded,
                               ha_role = :role, agent_version = :agent, data_plane_version = :dataPlane,
                               virtual_services = cast(:services as json), spool = cast(:spool as json),
                               license_state = :license, lease_id = :lease, lease_until = :leaseUntil
                         where id = :id
                           and not (boot_id is not null and boot_id = :boot and report_sequence >= :sequence)""")
                .param("now", Sql.time(now))
                .param("boot", report.bootId())
                .param("sequence", report.sequence())
                .param("state", state.name())
                .param("applied", Math.max(0, report.appliedRevision()))
                .param("incarnation", report.appliedIncarnation())
                .param("sha256", Told.textOrNull(report.appliedSha256(), 64))
                .param("sync", report.syncState().name())
                .param("errorRevision", error.map(Report.ApplyError::revision).orElse(null))
                .param("errorCode", error.map(e -> Told.text(e.code(), 100)).orElse(null))
                .param(
                        "errorMessage",
                        error.map(e -> Told.text(e.message(), 2_000)).orElse(null))
                .param("running", report.dataPlaneRunning())
                .param("degraded", isDegraded(services))
                .param("role", Told.text(report.haRole(), 32))
                .param("agent", Told.text(report.agentVersion(), 64))
                .param("dataPlane", Told.textOrNull(report.dataPlaneVersion(), 64))
                .param("services", Sql.json(services))
                .param("spool", Sql.json(report.spool()))
                .param(
                        "license",
                        license.map(told -> Told.text(told.state(), 16)).orElse(null))
                .param("lease", license.map(Report.LicenseState::leaseId).orElse(null))
                .param(
                        "leaseUntil",
                        license.map(Report.LicenseState::leaseUntil)
                                .map(Sql::time)
                                .orElse(null))
                .param("id", row.id().value())
                .update();
    }

    private LifecycleState state(Instances.Row row, Report report) {
        long desired = jdbc.sql("select latest_revision from instances.stack where id = ?")
                .param(row.stack().value())
                .query(Long.class)
                .single();
        return LifecycleState.ofReport(row.drain() && report.draining(), report.appliedRevision(), desired);
    }

    private static boolean isDegraded(List<Report.ServiceState> services) {
        return services.stream()
                .anyMatch(service ->
                        service.state().equals("DEGRADED") || service.state().equals("DOWN"));
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
