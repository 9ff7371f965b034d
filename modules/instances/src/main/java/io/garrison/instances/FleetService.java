package io.garrison.instances;

import io.garrison.protocol.SyncState;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Enters the provider's scope before its transactions begin, so they are its own. */
@Service
@Requires(Permission.STACK_VIEW)
class FleetService implements FleetView {

    private static final String WHERE = """
             where i.lifecycle <> 'RETIRED'
               and (cast(:tenant as uuid) is null or i.tenant_id = cast(:tenant as uuid))
               and (cast(:lifecycle as text) is null or i.lifecycle = :lifecycle)
               and (cast(:sync as text) is null or %s = :sync)
               and (cast(:health as text) is null or %s = :health)
               and (cast(:text as text) is null or strpos(lower(i.name), :text) > 0 or strpos(lower(s.name), :text) > 0)
            """.formatted(InstanceSummaries.SYNC, InstanceSummaries.HEALTH);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    FleetService(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
    }

    private <T> T across(Supplier<T> work) {
        return Objects.requireNonNull(ProviderScope.call(() -> transaction.execute(status -> work.get())));
    }

    private static JdbcClient.StatementSpec filtered(JdbcClient.StatementSpec statement, Filter filter) {
        var tenant = filter.tenant();
        var lifecycle = filter.lifecycleState();
        var sync = filter.syncState();
        var health = filter.health();
        var text = filter.text();
        return statement
                .param("tenant", tenant == null ? null : tenant.value())
                .param("lifecycle", lifecycle == null ? null : lifecycle.name())
                .param("sync", sync == null ? null : sync.name())
                .param("health", health == null ? null : health.name())
                .param("text", text == null ? null : text.toLowerCase(Locale.ROOT));
    }

    @Override
    public List<FleetInstance> find(Filter filter, int offset, int limit) {
        var sql = InstanceSummaries.SELECT + WHERE
                + " order by i.tenant_id, s.name, i.name, i.id offset :offset limit :limit";
        return across(() -> filtered(jdbc.sql(sql), filter)
                .param("offset", offset)
                .param("limit", limit)
                .query((row, n) -> new FleetInstance(Stacks.tenant(row), InstanceSummaries.read(row, n)))
                .list());
    }

    @Override
    public int count(Filter filter) {
        var sql = "select count(*) " + Instances.FROM + WHERE;
        return across(() -> filtered(jdbc.sql(sql), filter).query(Integer.class).single());
    }

    @Override
    public Map<LifecycleState, Integer> lifecycleStates() {
        return across(() -> {
            var counts = new EnumMap<LifecycleState, Integer>(LifecycleState.class);
            jdbc.sql("select lifecycle, count(*) from instances.instance where lifecycle <> 'RETIRED' group by 1")
                    .query(row -> {
                        counts.put(LifecycleState.valueOf(row.getString(1)), row.getInt(2));
                    });
            return counts;
        });
    }

    @Override
    public Map<SyncState, Integer> syncStates() {
        var sql = "select %s as sync, count(*)".formatted(InstanceSummaries.SYNC) + Instances.FROM
                + " where i.lifecycle in ('ENROLLED', 'SYNCING', 'ONLINE', 'MAINTENANCE') group by 1";
        return across(() -> {
            var counts = new EnumMap<SyncState, Integer>(SyncState.class);
            jdbc.sql(sql).query(row -> {
                counts.put(SyncState.valueOf(row.getString(1)), row.getInt(2));
            });
            return counts;
        });
    }

    @Override
    public List<FleetStack> stacks(int offset, int limit) {
        return across(() -> jdbc.sql(Stacks.SUMMARY + Stacks.GROUPED + " order by s.tenant_id, s.name offset ? limit ?")
                .params(offset, limit)
                .query((row, n) -> new FleetStack(Stacks.tenant(row), Stacks.summary(row, n)))
                .list());
    }
}
