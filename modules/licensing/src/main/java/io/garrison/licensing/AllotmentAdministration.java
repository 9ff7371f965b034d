package io.garrison.licensing;

import io.garrison.tenancy.ResellerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives parts of a licence to resellers. Called with no tenant bound. All that name an allotment throw {@link
 * AllotmentException.UnknownAllotment} if the reseller has none such.
 */
public interface AllotmentAdministration {

    /**
     * Takes it from the licence pool. A reseller has one allotment of a licence at most.
     *
     * @throws io.garrison.tenancy.TenancyException.NotFound if there is no such reseller
     * @throws AllotmentException.ResellerSuspended if it is suspended
     * @throws AllotmentException.AlreadyAllotted if it has one of this licence
     * @throws LicenseException.AllocationRefused if the licence does not grant it
     * @throws LicenseException.PoolExhausted if a count does not fit what is left of the licence
     */
    AllotmentSummary allot(ResellerId reseller, LicenseId license, Portion portion);

    /**
     * The newest first; those that were released are left out.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     * @throws io.garrison.tenancy.TenancyException.NotFound if there is no such reseller
     */
    List<AllotmentSummary> list(ResellerId reseller, @Nullable AllotmentId after, int limit);

    AllotmentSummary get(ResellerId reseller, AllotmentId id);

    /** What it has, what is cut from it, and what is left. */
    LicensePool pool(ResellerId reseller, AllotmentId id);

    /**
     * Sets what it is. More comes from the licence pool, less goes back there.
     *
     * @param seen version that the caller last saw, -1 for any
     * @throws AllotmentException.BelowAllocated if more is cut from it than could be afterwards
     * @throws AllotmentException.FeaturesInUse if a feature would go that a sub-licence holds
     * @throws AllotmentException.ResellerSuspended if it would grow and the reseller is suspended
     * @throws LicenseException.AllocationRefused if the licence does not grant it
     * @throws LicenseException.PoolExhausted if a count does not fit what is left of the licence
     */
    AllotmentSummary resize(ResellerId reseller, AllotmentId id, Portion portion, long seen);

    /**
     * Gives it back to the licence pool.
     *
     * @param seen version that the caller last saw, -1 for any
     * @throws AllotmentException.StillCut while anything is cut from it
     */
    void release(ResellerId reseller, AllotmentId id, long seen);

    /** What an allotment is to be. */
    record Portion(Entitlements entitlements, Overcommit overcommit) {}
}
