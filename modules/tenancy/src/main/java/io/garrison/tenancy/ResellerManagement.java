package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import org.jspecify.annotations.Nullable;

/** What the provider does with its resellers. Called with no tenant bound. */
public interface ResellerManagement {

    /**
     * @throws TenancyException.Invalid with every field that is wrong
     * @throws TenancyException.ResellerSlugTaken if another reseller has the slug
     */
    ResellerSummary create(NewReseller reseller);

    /**
     * By slug.
     *
     * @param after slug of the last one that was seen
     */
    Page<ResellerSummary> list(@Nullable String after, int limit);

    /** @throws TenancyException.NotFound if there is none such */
    ResellerSummary get(ResellerId id);

    /**
     * @param seen version that the caller last saw, -1 for any
     * @throws TenancyException.NotFound if there is none such
     */
    ResellerSummary change(ResellerId id, Change change, long seen);

    /**
     * @throws TenancyException.NotFound if there is none such
     * @throws TenancyException.ResellerInUse while it has tenants, or holds a part of a licence
     */
    void delete(ResellerId id, long seen);

    record NewReseller(
            @Nullable String name,
            @Nullable String slug,
            @Nullable String contactEmail) {}

    /** What is null stays as it is. */
    record Change(
            @Nullable String name,
            @Nullable String contactEmail,
            @Nullable ResellerState state) {}
}
