package io.garrison.tenancy;

/**
 * A module that keeps data of tenants, and erases them when a tenant is deleted. Implement it as a bean; order the beans
 * with {@code @Order} so that what lets new data in goes first (instances 10, reporting 20, licensing 30).
 */
public interface TenantDataOwner {

    /** Name of the part, as it stands in the deletion certificate. */
    String name();

    /**
     * Erases everything of the bound tenant. Called outside of a transaction, and again after a crash, so what is gone
     * already must not trouble it.
     *
     * @return how many records were erased
     */
    long erase(TenantId tenantId);
}
