package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.Refusal.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** The way to a share of a licence: its rules first, then its pool. */
@Component
class PoolAccess {

    private final Licenses licenses;
    private final Pools pools;
    private final VendorTrust trust;

    PoolAccess(Licenses licenses, Pools pools, VendorTrust trust) {
        this.licenses = licenses;
        this.pools = pools;
        this.trust = trust;
    }

    /**
     * Takes a share for a sub-licence that is about to be made, under the lock of its licence.
     *
     * @throws LicenseException if the licence does not allow it or its pool is exhausted
     */
    LicenseSummary take(SubLicenseId holder, Allocation asked, Instant now) {
        trust.requireProviderLicenses();
        var license = licenses.lock(asked.licenseId())
                .orElseThrow(() -> new AllocationRefused(List.of(new FieldError(
                        "licenseId",
                        "license.unknown",
                        "There is no such licence.",
                        asked.licenseId().toString()))));
        trust.requireFit(license.demo());
        LicenseFile.requireInTime(license.validFrom(), license.validUntil(), now);
        requireWithin(license, asked, now);
        var heldUntil = Ladder.graceEnds(asked.validUntil(), asked.graceDays());
        pools.take(license, holder, asked.entitlements(), heldUntil, now);
        return license;
    }

    void giveBack(SubLicenseId holder, Instant at) {
        pools.release(holder, at);
    }

    private static void requireWithin(LicenseSummary license, Allocation asked, Instant now) {
        var errors = new ArrayList<FieldError>();
        if (asked.validFrom().isBefore(license.validFrom())) {
            errors.add(
                    outside("validFrom", "must not be before the licence's " + license.validFrom(), asked.validFrom()));
        }
        if (asked.validUntil().isAfter(license.validUntil())) {
            errors.add(outside(
                    "validUntil", "must not be after the licence's " + license.validUntil(), asked.validUntil()));
        }
        if (!asked.validFrom().isBefore(asked.validUntil())) {
            errors.add(outside("validUntil", "must be after validFrom", asked.validUntil()));
        } else if (!asked.validUntil().isAfter(now)) {
            errors.add(outside("validUntil", "is over; now is " + now, asked.validUntil()));
        }
        if (asked.graceDays() < 0 || asked.graceDays() > SubLicense.MAX_GRACE_DAYS) {
            errors.add(new FieldError(
                    "graceDays", "out-of-range", "must be from 0 to " + SubLicense.MAX_GRACE_DAYS, asked.graceDays()));
        }
        var missing = new TreeSet<>(asked.entitlements().features());
        missing.removeAll(license.entitlements().features());
        if (!missing.isEmpty()) {
            errors.add(new FieldError(
                    "entitlements",
                    "license.feature-not-granted",
                    "the licence does not grant " + String.join(", ", missing),
                    List.copyOf(missing)));
        }
        if (!errors.isEmpty()) {
            throw new AllocationRefused(errors);
        }
    }

    private static FieldError outside(String field, String message, Instant rejected) {
        return new FieldError(field, "license.outside-validity", message, rejected.toString());
    }
}
