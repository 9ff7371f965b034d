package io.garrison.instances;

import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class InstanceService implements InstanceManagement {

    private final Instances instances;
    private final SharedHoldings holdings;
    private final Departures departures;
    private final AuditTrail audit;
    private final Clock clock;

    InstanceService(
            Instances instances, SharedHoldings holdings, Departures departures, AuditTrail audit, Clock clock) {
        this.instances = instances;
        this.holdings = holdings;
        this.departures = departures;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public List<InstanceSummary> list(@Nullable StackId stack, @Nullable InstanceId after, int limit) {
        return instances.summaries(stack, after, limit);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public InstanceSummary get(InstanceId id) {
        return instances.summary(id).orElseThrow(InstanceException.NotFound::new);
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public InstanceSummary drain(InstanceId id) {
        return setDrain(id, true, "instance.drained");
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public InstanceSummary resume(InstanceId id) {
        return setDrain(id, false, "instance.resumed");
    }

    private InstanceSummary setDrain(InstanceId id, boolean drain, String action) {
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        if (!row.lifecycle().mayDialIn()) {
            throw new InstanceException.IllegalTransition(row.lifecycle(), "Enrol the machine again.");
        }
        if (row.drain() != drain) {
            // Its state follows when it reports: nothing is drained before the instance has heard of it.
            instances.enter(id, row.lifecycle(), drain, clock.instant());
            record(action, row, Map.of());
        }
        return get(id);
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public InstanceSummary quarantine(InstanceId id, boolean force) {
        departures.prepare(id);
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        if (row.lifecycle() == LifecycleState.RETIRED) {
            throw new InstanceException.IllegalTransition(row.lifecycle(), "Its certificates are revoked already.");
        }
        return shutOut(row, LifecycleState.QUARANTINED, force, "instance.quarantined");
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public InstanceSummary decommission(InstanceId id, boolean force) {
        departures.prepare(id);
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        return shutOut(row, LifecycleState.RETIRED, force, "instance.decommissioned");
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public InstanceSummary takeRegisters(InstanceId id, boolean take) {
        var row = instances.lock(id).orElseThrow(InstanceException.NotFound::new);
        if (row.lifecycle().mayDialIn()) {
            throw new InstanceException.IllegalTransition(row.lifecycle(), "What it counts is taken anyway.");
        }
        instances.takeRegisters(id, take ? departures.lastRegisters(clock.instant()) : null);
        record(take ? "instance.registers-taken" : "instance.registers-left", row, Map.of());
        return get(id);
    }

    private InstanceSummary shutOut(Instances.Row row, LifecycleState state, boolean force, String action) {
        if (row.lifecycle() != state) {
            var now = clock.instant();
            var held = row.lifecycle().mayDialIn() ? holdings.of(row, now) : List.<String>of();
            if (!held.isEmpty() && !force) {
                throw new InstanceException.HoldsAddresses(held);
            }
            departures.leave(row, state, now);
            record(action, row, Map.of("force", force, "heldRouters", held));
        }
        return get(row.id());
    }

    private void record(String action, Instances.Row row, Map<String, ?> more) {
        var details = new LinkedHashMap<String, Object>(more);
        details.put("name", row.name());
        details.put("stackId", row.stack().toString());
        details.put("before", row.lifecycle().name());
        audit.record(action, "instance", row.id().toString(), details);
    }
}
