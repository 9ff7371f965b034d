package io.garrison.instances;

import io.garrison.protocol.SyncState;
import io.garrison.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every tenant's instances, for the provider's staff. Called with no tenant bound. */
public interface FleetView {

    /**
     * In the order of tenants, stacks and names, without the retired ones.
     *
     * @param offset rows to leave out
     * @param limit at most 501
     */
    List<FleetInstance> find(Filter filter, int offset, int limit);

    int count(Filter filter);

    /** How many instances are in each lifecycle state, the retired ones left out. */
    Map<LifecycleState, Integer> lifecycleStates();

    /** How many connected instances are in each sync state. */
    Map<SyncState, Integer> syncStates();

    List<FleetStack> stacks(int offset, int limit);

    record FleetInstance(TenantId tenantId, InstanceSummary instance) {}

    record FleetStack(TenantId tenantId, StackSummary stack) {}

    /**
     * All parts that are given must hold.
     *
     * @param text part of the instance's or stack's name, compared without case
     */
    record Filter(
            @Nullable TenantId tenant,
            @Nullable LifecycleState lifecycleState,
            @Nullable SyncState syncState,
            @Nullable InstanceHealth health,
            @Nullable String text) {
        public static final Filter ALL = new Filter(null, null, null, null, null);
    }
}
