package io.garrison.tenancy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which tenants there are, for the system's own work: jobs, collectors, reports across tenants. Checks no permission; not
 * to be handed to people as it is.
 */
public interface TenantDirectory {

    /** With a tenant bound, only that one is found. */
    Optional<TenantSummary> find(TenantId id);

    /** Every tenant by slug; for the provider's work, so no tenant may be bound. */
    List<TenantSummary> all();

    /** Those of them that there are, in any order; with a tenant bound, that one at most. */
    List<TenantSummary> among(Collection<TenantId> ids);

    /**
     * Those of them that are there and are not being deleted, in the caller's transaction, which is in the provider's
     * scope. None of these begins to be deleted before it ends, so what it writes of them is erased with the rest.
     */
    Set<TenantId> keep(Collection<TenantId> ids);
}
