package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the provider does with tenants. All but {@link #create} and {@link #list} work on the bound tenant. */
public interface TenantManagement {

    /**
     * @throws TenancyException.Invalid with every field that is wrong
     * @throws TenancyException.SlugTaken if another tenant has the slug
     * @throws TenancyException.UnknownReseller if there is no such reseller
     * @throws TenancyException.ResellerSuspended if the reseller takes no tenants
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

    /**
     * Gives the tenant to another reseller.
     *
     * @param reseller null to make it the provider's own
     * @param seen version that the caller last saw, -1 for any
     * @throws TenancyException.UnknownReseller if there is no such reseller
     * @throws TenancyException.ResellerSuspended if the reseller takes no tenants
     * @throws TenancyException.TenantTied while the tenant holds something that it has only as its reseller's
     */
    TenantSummary place(@Nullable ResellerId reseller, long seen);

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

    /**
     * @param timeZone IANA zone
     * @param resellerId to whom it belongs; null for the provider's own
     */
    record NewTenant(
            @Nullable String name,
            @Nullable String slug,
            @Nullable DeploymentMode mode,
            @Nullable String contactEmail,
            @Nullable String timeZone,
            @Nullable UUID resellerId) {

        /** One of the provider's own. */
        public NewTenant(
                @Nullable String name,
                @Nullable String slug,
                @Nullable DeploymentMode mode,
                @Nullable String contactEmail,
                @Nullable String timeZone) {
            this(name, slug, mode, contactEmail, timeZone, null);
        }

        @Nullable
        ResellerId reseller() {
            return resellerId == null ? null : new ResellerId(resellerId);
        }
    }

    /** What is null stays as it is. */
    record Change(
            @Nullable String name,
            @Nullable DeploymentMode mode,
            @Nullable String contactEmail,
            @Nullable String timeZone) {}
}
