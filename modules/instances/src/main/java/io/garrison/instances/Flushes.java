package io.garrison.instances;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.Report;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Requests for registers: asked for all tenants at once, answered by each instance for itself. */
@Service
class Flushes implements RegisterFlushes {

    private static final Duration KEPT = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final TransactionTemplate transaction;

    Flushes(JdbcClient jdbc, Clock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public UUID request() {
        var id = UUID.randomUUID();
        var now = clock.instant();
        ProviderScope.run(() -> transaction.executeWithoutResult(status -> ask(id, now)));
        return id;
    }

    private void ask(UUID id, Instant now) {
        var old = Sql.time(now.minus(KEPT));
        jdbc.sql("delete from instances.flush_target where requested_at < ?")
                .param(old)
                .update();
        jdbc.sql("delete from instances.flush where requested_at < ?")
                .param(old)
                .update();
        jdbc.sql("insert into instances.flush (id, requested_at) values (?, ?)")
                .params(id, Sql.time(now))
                .update();
        jdbc.sql("""
                        insert into instances.flush_target (tenant_id, flush_id, instance_id, stack_id, requested_at)
                        select i.tenant_id, ?, i.id, i.stack_id, ? from instances.instance i
                          join instances.heartbeat b on b.tenant_id = i.tenant_id and b.instance_id = i.id
                         where i.lifecycle in ('ENROLLED', 'SYNCING', 'ONLINE', 'MAINTENANCE')
                           and b.last_seen is not null""").params(id, Sql.time(now)).update();
    }

    @Override
    public Progress progress(UUID flush) {
        return ProviderScope.call(() -> transaction.execute(status -> read(flush)));
    }

    private Progress read(UUID flush) {
        if (jdbc.sql("select id from instances.flush where id = ?")
                .param(flush)
                .query(UUID.class)
                .list()
                .isEmpty()) {
            throw new InstanceException.NotFound();
        }
        var waiting = new HashSet<InstanceId>();
        var lost = new HashSet<InstanceId>();
        var answered = new HashMap<EdgeIdentity, List<MeterAck>>();
        jdbc.sql("""
                        select t.tenant_id, t.stack_id, t.instance_id, t.answered_at, t.registers, i.lifecycle
                          from instances.flush_target t
                          join instances.instance i on i.tenant_id = t.tenant_id and i.id = t.instance_id
                         where t.flush_id = ?""").param(flush).query(row -> {
            var edge = edge(row);
            if (row.getObject("answered_at") != null) {
                answered.put(edge, Arrays.asList(Sql.read(row.getString("registers"), MeterAck[].class)));
            } else if (LifecycleState.valueOf(row.getString("lifecycle")).isConnected()) {
                waiting.add(edge.instanceId());
            } else {
                lost.add(edge.instanceId());
            }
        });
        return new Progress(waiting, lost, answered);
    }

    private static EdgeIdentity edge(ResultSet row) throws SQLException {
        return new EdgeIdentity(
                new TenantId(Sql.uuid(row, "tenant_id")),
                new StackId(Sql.uuid(row, "stack_id")),
                new InstanceId(Sql.uuid(row, "instance_id")));
    }

    /** The newest request that the bound tenant's instance has not answered. In the caller's transaction. */
    Optional<UUID> open(InstanceId instance) {
        return jdbc.sql("""
                        select flush_id from instances.flush_target
                         where instance_id = ? and answered_at is null order by requested_at desc limit 1""").param(instance.value()).query(UUID.class).optional();
    }

    /** Registers that were written for a request also answer every older one. In the caller's transaction. */
    void answer(InstanceId instance, Report.Flushed flushed, Instant now) {
        jdbc.sql("""
                        update instances.flush_target t set answered_at = :now, registers = cast(:registers as json)
                         where t.instance_id = :instance and t.answered_at is null
                           and t.requested_at <= (select a.requested_at from instances.flush_target a
                                                   where a.instance_id = :instance and a.flush_id = :flush)""")
                .param("now", Sql.time(now))
                .param("registers", Sql.json(flushed.registers()))
                .param("instance", instance.value())
                .param("flush", flushed.flushId())
                .update();
    }
}
