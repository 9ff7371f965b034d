package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the provider does with tenants. All but {@link #create} and {@link #list} work on the bound tenant. */
public interface TenantManagement {

    /**
     * @throws TenancyException.Invalid with every field that is wrong
     * @throws TenancyException.SlugTaken if another tenant has the slug
     */
    TenantSummary create(NewTenant tenant);

    /**
     * The tenants that the caller may see, by slug: all for the provider's staff, their own for members.
     *
     * @param after slug of the last one that was seen
     */
    Page<TenantSummary> list(@Nullable String after, int limit);

    TenantSummary get();

    /** @param seen version that the caller last saw, -1 for any */
    TenantSummary change(Change change, long seen);

    /** @throws TenancyException.WrongTenantState unless it is active */
    TenantSummary suspend();

    /** @throws TenancyException.WrongTenantState unless it is suspended */
    TenantSummary resume();

    /**
     * Erases the tenant and its data in the background; ends with a deletion certificate.
     *
     * @return the operation
     * @throws TenancyException.WrongTenantState unless it is suspended
     */
    UUID delete(long seen);

    /** @param timeZone IANA zone */
    record NewTenant(
            @Nullable String name,
            @Nullable String slug,
            @Nullable DeploymentMode mode,
            @Nullable String contactEmail,
            @Nullable String timeZone) {}

    /** What is null stays as it is. */
    record Change(
            @Nullable String name,
            @Nullable DeploymentMode mode,
            @Nullable String contactEmail,
            @Nullable String timeZone) {}
}
