package io.garrison.licensing;

import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who holds what of a licence, over all tenants, for the provider. With no tenant bound. */
public interface LicenseHoldings {

    /** The parts of it that resellers have, the oldest first. */
    List<AllotmentSummary> allotments(LicenseId license);

    /**
     * One line for each tenant that has such a sub-licence of it, in no order; one more if it has some that are cut from
     * the licence itself and some from an allotment. The sub-licences come page by page.
     */
    List<TenantHolding> tenants(LicenseId license, Filter filter);

    /**
     * Such sub-licences of it that the tenant has from there.
     *
     * @param limit at most 500
     */
    List<SubLicenseSummary> subLicenses(Branch branch, Filter filter, Order order, int offset, int limit);

    /**
     * A tenant's part of a licence.
     *
     * @param allotment from which it is cut; null for the licence itself
     */
    record Branch(
            LicenseId license, TenantId tenant, @Nullable AllotmentId allotment) {}

    /**
     * Which sub-licences are asked for.
     *
     * @param state at effective time; null for any
     * @param endsBefore only those that are over before, and are not revoked; null for any
     */
    record Filter(@Nullable SubLicenseState state, @Nullable Instant endsBefore) {
        public static final Filter ALL = new Filter(null, null);
    }

    record Order(By by, boolean descending) {
        public static final Order NEWEST = new Order(By.CREATED, true);
    }

    enum By {
        CREATED,
        END,
        INSTANCES,
        THROUGHPUT,
        VIRTUAL_SERVICES
    }

    /**
     * What a tenant has of a licence.
     *
     * @param allotment from which they are cut; null for the licence itself
     * @param subLicenses how many, also those that hold nothing any more
     * @param held what they hold of the licence pool now; counts only
     * @param ends when the first of those that are not revoked is over; null if all are revoked
     * @param version grows when any of them is changed
     */
    record TenantHolding(
            TenantId tenant,
            @Nullable AllotmentId allotment,
            long subLicenses,
            Entitlements held,
            @Nullable Instant ends,
            long version) {}
}
