package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names of the bound tenant's stacks and instances, for modules that only know their ids. Checks no permission. */
public interface InstanceDirectory {

    /** Also a retired instance. */
    Optional<Entry> instance(InstanceId id);

    /** Every instance, the retired ones too, in the order in which they enrolled. At most 10,000. */
    List<Entry> instances();

    /** Which of these are a tenant's, the retired ones too. In the provider's scope, in the caller's transaction. */
    Set<InstanceId> known(TenantId tenant, Collection<InstanceId> ids);

    /** When those of these were decommissioned that were. Of the bound tenant, or in the provider's scope of all. */
    Map<InstanceId, Instant> retired(Collection<InstanceId> ids);

    Optional<StackEntry> stack(StackId id);

    List<StackEntry> stacks();

    /** {@link #instances} of every tenant. Enters the provider's scope, so no tenant may be bound. */
    List<Entry> instancesOfAllTenants();

    record StackEntry(TenantId tenantId, StackId stackId, String name, SubLicenseId subLicenseId) {}

    record Entry(
            TenantId tenantId,
            StackId stackId,
            String stackName,
            SubLicenseId subLicenseId,
            InstanceId instanceId,
            String name,
            LifecycleState lifecycleState) {}
}
