package io.garrison.instances;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people do with the bound tenant's instances. */
public interface InstanceManagement {

    /**
     * In the order in which they enrolled, without the retired ones.
     *
     * @param stack only this stack's, if given
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<InstanceSummary> list(@Nullable StackId stack, @Nullable InstanceId after, int limit);

    /** Also finds a retired instance. @throws InstanceException.NotFound if the bound tenant has none such */
    InstanceSummary get(InstanceId id);

    /**
     * Turns new clients away until {@link #resume}. The instance learns it with its next heartbeat.
     *
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.IllegalTransition if it is quarantined or retired
     */
    InstanceSummary drain(InstanceId id);

    /** Ends {@link #drain}. Refused as that is. */
    InstanceSummary resume(InstanceId id);

    /**
     * Revokes its certificates at once and frees its seat. Its traffic flows on; to be managed again the machine enrols
     * as a new instance. What it counts is not taken any more until {@link #takeRegisters} says so.
     *
     * @param force whether an instance is shut out that holds shared addresses: it keeps them, and peers take them too
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.IllegalTransition if it is retired
     * @throws InstanceException.HoldsAddresses if it holds shared addresses, and that is not forced
     */
    InstanceSummary quarantine(InstanceId id, boolean force);

    /**
     * Ends its life: certificates revoked, seat freed. For a while it may deliver what it has counted, and do nothing else.
     *
     * @param force as in {@link #quarantine}
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.HoldsAddresses as in {@link #quarantine}
     */
    InstanceSummary decommission(InstanceId id, boolean force);

    /**
     * Decides whether the usage that an instance has counted and not delivered is billed. It is for {@code
     * garrison.instances.last-registers} after an instance is decommissioned or retires by itself, and is not after a
     * quarantine, because somebody else may have its key, unless this says otherwise. Each call begins the time anew.
     *
     * @throws InstanceException.NotFound if the bound tenant has none such
     * @throws InstanceException.IllegalTransition if it is neither quarantined nor retired
     */
    InstanceSummary takeRegisters(InstanceId id, boolean take);
}
