package io.garrison.licensing;

import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The provider's reusable terms for sub-licences. A plan that changes gets a new version; what was cut from an older one
 * stays as it is.
 */
public interface PlanManagement {

    /**
     * @throws LicenseException.PlanRefused if the terms make no sense
     * @throws LicenseException.PlanNameTaken if another plan has the name
     */
    PlanSummary create(PlanTerms terms);

    /**
     * By name, without those that are retired.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<PlanSummary> list(@Nullable PlanId after, int limit);

    /** @throws LicenseException.UnknownPlan if there is none such */
    PlanSummary get(PlanId id);

    /**
     * Makes the next version.
     *
     * @param seen version that the caller saw, or -1 for any
     * @throws LicenseException.UnknownPlan if there is none such, or if it is retired
     * @throws LicenseException.PlanRefused if the terms make no sense
     * @throws LicenseException.PlanNameTaken if another plan has the name
     */
    PlanSummary change(PlanId id, PlanTerms terms, long seen);

    /**
     * Nothing can be cut from it any more. What was cut stays.
     *
     * @param seen version that the caller saw, or -1 for any
     * @throws LicenseException.UnknownPlan if there is none such, or if it is retired
     */
    void retire(PlanId id, long seen);

    /**
     * Cuts a sub-licence for the bound tenant by the newest version.
     *
     * @param validFrom its end is the plan's term later
     * @throws LicenseException.UnknownPlan if there is none such, or if it is retired
     * @throws LicenseException as {@link SubLicenseAdministration#allocate}
     */
    SubLicenseSummary allocate(PlanId id, LicenseId license, Instant validFrom);

    /**
     * What was cut from any version of it, the newest first.
     *
     * @param after sub-licence of the last one seen
     * @param limit at most 501
     * @throws LicenseException.UnknownPlan if there is none such
     */
    List<Cut> cuts(PlanId id, @Nullable SubLicenseId after, int limit);

    /**
     * What a plan grants.
     *
     * @param name 1 to 100 printable characters
     * @param graceDays 0 to 365
     * @param termDays how long a sub-licence lasts, 1 to 3660
     */
    record PlanTerms(String name, Entitlements entitlements, Overages overages, int graceDays, int termDays) {}

    /** @param version of the plan that it was cut from */
    record Cut(TenantId tenant, UUID subLicense, long version, Instant at) {}
}
