package io.garrison.instances;

import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Report;
import io.garrison.tenancy.CurrentTenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What each heartbeat of an instance changes, in a narrow row of its own. The part about the stack is taken in another
 * transaction than the rest, and counts its heartbeats itself.
 */
@Repository
class Heartbeats {

    private final JdbcClient jdbc;

    Heartbeats(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false if the report comes late, after a newer one of the same run, and is to change nothing */
    boolean take(InstanceId from, Report report, Instant now) {
        var machine = report.machine();
        return jdbc.sql("""
                        insert into instances.heartbeat as old
                            (tenant_id, instance_id, last_seen, boot_id, report_sequence, spool, machine)
                        values (:tenant, :instance, :now, :boot, :sequence, cast(:spool as json), cast(:machine as json))
                        on conflict (tenant_id, instance_id) do update
                           set last_seen = excluded.last_seen, boot_id = excluded.boot_id,
                               report_sequence = excluded.report_sequence, spool = excluded.spool,
                               machine = excluded.machine
                         where old.boot_id is distinct from excluded.boot_id
                            or old.report_sequence < excluded.report_sequence""")
                        .param("tenant", CurrentTenant.require().value())
                        .param("now", Sql.time(now))
                        .param("boot", report.bootId())
                        .param("sequence", report.sequence())
                        .param("spool", Sql.json(report.spool()))
                        .param("machine", machine == null ? null : Sql.json(machine))
                        .param("instance", from.value())
                        .update()
                == 1;
    }

    /** As {@link #take}, of the part about the stack. */
    boolean takeOfStack(InstanceId from, Report report, @Nullable ClusterState cluster, Instant now) {
        var exchanged = cluster == null ? null : cluster.auxExchangedAt();
        return jdbc.sql("""
                        insert into instances.heartbeat as old (tenant_id, instance_id, stack_seen, stack_boot_id,
                            stack_report_sequence, aux_exchanged_at, aux_convergence_p95_ms)
                        values (:tenant, :instance, :now, :boot, :sequence, :exchanged, :convergence)
                        on conflict (tenant_id, instance_id) do update
                           set stack_seen = excluded.stack_seen, stack_boot_id = excluded.stack_boot_id,
                               stack_report_sequence = excluded.stack_report_sequence,
                               aux_exchanged_at = excluded.aux_exchanged_at,
                               aux_convergence_p95_ms = excluded.aux_convergence_p95_ms
                         where old.stack_boot_id is distinct from excluded.stack_boot_id
                            or old.stack_report_sequence < excluded.stack_report_sequence""")
                        .param("tenant", CurrentTenant.require().value())
                        .param("now", Sql.time(now))
                        .param("boot", report.bootId())
                        .param("sequence", report.sequence())
                        .param("exchanged", exchanged == null ? null : Sql.time(exchanged))
                        .param("convergence", cluster == null ? null : cluster.auxConvergenceP95Ms())
                        .param("instance", from.value())
                        .update()
                == 1;
    }
}
