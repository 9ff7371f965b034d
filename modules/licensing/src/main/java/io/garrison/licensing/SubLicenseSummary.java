package io.garrison.licensing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sub-licence as it stands now.
 *
 * @param mode deployment mode of the tenant that it was signed for
 * @param validUntil first instant at which it is over; its grace begins then
 * @param state at effective time
 * @param version for the entity tag
 * @param serial how often it has been signed; the newest file of it says the same
 * @param suspendedAt since when it is suspended, if it is
 * @param overages what happens beyond the limits
 */
public record SubLicenseSummary(
        SubLicenseId id,
        LicenseId licenseId,
        String mode,
        Instant validFrom,
        Instant validUntil,
        int graceDays,
        Entitlements entitlements,
        SubLicenseState state,
        Instant createdAt,
        @Nullable Instant revokedAt,
        long version,
        long serial,
        @Nullable Instant suspendedAt,
        Overages overages) {

    /** The most that may be used, by the limit and the overage rule. */
    public long most(Metric metric) {
        return overages.of(metric).most(entitlements.limit(metric));
    }

    /** One that has been signed once. */
    public SubLicenseSummary(
            SubLicenseId id,
            LicenseId licenseId,
            String mode,
            Instant validFrom,
            Instant validUntil,
            int graceDays,
            Entitlements entitlements,
            SubLicenseState state,
            Instant createdAt,
            @Nullable Instant revokedAt,
            long version) {
        this(
                id,
                licenseId,
                mode,
                validFrom,
                validUntil,
                graceDays,
                entitlements,
                state,
                createdAt,
                revokedAt,
                version,
                1,
                null,
                Overages.NONE);
    }
}
