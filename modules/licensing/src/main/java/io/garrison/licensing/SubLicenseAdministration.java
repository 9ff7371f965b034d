package io.garrison.licensing;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the provider does with the bound tenant's sub-licences, and what the tenant sees of them. */
public interface SubLicenseAdministration {

    /**
     * Takes a share from the licence pool, or from what the tenant's reseller has of it, and signs it for the bound tenant.
     *
     * @throws LicenseException.UnknownLicense if the licence is not loaded
     * @throws LicenseException.AllocationRefused if validity, grace or features do not fit the licence
     * @throws LicenseException.PoolExhausted if a count does not fit what is left
     * @throws AllotmentException if the tenant belongs to a reseller, from whose allotment it has to be cut, and cannot
     */
    SubLicenseSummary allocate(Allocation asked);

    /**
     * Newest first.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<SubLicenseSummary> list(@Nullable SubLicenseId after, int limit);

    /** @throws LicenseException.UnknownSubLicense if the bound tenant has none such */
    SubLicenseSummary get(SubLicenseId id);

    /**
     * The signed sub-licence, which holds by the vendor's key alone. Whoever has it can bind an installation to it, so it
     * takes more than seeing what it says.
     *
     * @throws LicenseException.UnknownSubLicense if the bound tenant has none such
     */
    String file(SubLicenseId id);

    /**
     * Takes it back: its share returns to the licence pool at once, its seats are not renewed. Seats on offline leases
     * count in the pool until they end.
     *
     * @throws LicenseException.UnknownSubLicense if the bound tenant has none such
     * @throws LicenseException.IssuedElsewhere if it came as a file
     * @throws LicenseException.AlreadyRevoked if it is revoked
     */
    SubLicenseSummary revoke(SubLicenseId id);

    /**
     * What is asked for.
     *
     * @param validUntil first instant at which it is over
     * @param graceDays 0 to 365
     */
    record Allocation(
            LicenseId licenseId,
            Instant validFrom,
            Instant validUntil,
            int graceDays,
            Entitlements entitlements,
            Overages overages) {

        /** With everything beyond the limits refused. */
        public Allocation(
                LicenseId licenseId, Instant validFrom, Instant validUntil, int graceDays, Entitlements entitlements) {
            this(licenseId, validFrom, validUntil, graceDays, entitlements, Overages.NONE);
        }
    }
}
