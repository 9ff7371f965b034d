package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.PoolShare.Lingering;
import io.garrison.licensing.PoolShare.Over;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseRecords.Stored;
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
    private final Usage usage;

    PoolAccess(Licenses licenses, Pools pools, VendorTrust trust, Usage usage) {
        this.usage = usage;
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
        pools.take(license, new PoolShare(holder, asked.entitlements(), heldUntil, Lingering.NONE, Over.NONE), now);
        return license;
    }

    /**
     * Puts what it has become in place of the share that it holds. The caller holds the lock on the licence.
     *
     * @throws LicenseException if the licence does not allow it or its pool is exhausted
     */
    void change(LicenseSummary license, Stored became, Lingering lingering, Instant now) {
        requireWithin(license, allocation(became), now);
        pools.change(license, List.of(share(became, lingering, now)), now);
    }

    /** {@link #change} of the giver and the taker of a transfer at once. */
    void move(
            LicenseSummary license,
            Stored giver,
            Lingering giversSeats,
            Stored taker,
            Lingering takersSeats,
            Instant now) {
        requireWithin(license, allocation(taker), now);
        pools.change(license, List.of(share(giver, giversSeats, now), share(taker, takersSeats, now)), now);
    }

    /** {@link #change} to another end, whose seats stay. */
    void renew(LicenseSummary license, Stored was, Stored became, Instant now) {
        if (became.until().isBefore(was.until())) {
            throw new AllocationRefused(List.of(new FieldError(
                    "validUntil",
                    "license.not-later",
                    "must not be before the present end, " + was.until(),
                    became.until().toString())));
        }
        requireWithin(license, allocation(became), now);
        pools.extend(license, share(became, Lingering.NONE, now), now);
    }

    /** What {@link #change} would throw. */
    void require(LicenseSummary license, Stored became, Instant now) {
        requireWithin(license, allocation(became), now);
        pools.requireRoom(license, List.of(share(became, Lingering.NONE, now)), now);
    }

    LicensePool with(LicenseSummary license, Stored became, Instant now) {
        return pools.with(license, List.of(share(became, Lingering.NONE, now)), now);
    }

    LicensePool asItIs(LicenseSummary license, Instant now) {
        return pools.of(license, now);
    }

    void holdUntil(SubLicenseId holder, Instant until) {
        pools.holdUntil(holder, until);
    }

    private static Allocation allocation(Stored became) {
        return new Allocation(
                became.licenseId(),
                became.from(),
                became.until(),
                became.graceDays(),
                became.entitlements(),
                became.overages());
    }

    private PoolShare share(Stored became, Lingering lingering, Instant now) {
        return new PoolShare(
                became.id(),
                became.entitlements(),
                Ladder.graceEnds(became.until(), became.graceDays()),
                lingering,
                new Over(
                        became.over(Metric.INSTANCES, usage.seats().taken(became.id(), now)),
                        became.over(
                                Metric.VIRTUAL_SERVICES,
                                usage.told()
                                        .told(became.id(), Metric.VIRTUAL_SERVICES)
                                        .orElse(0L))));
    }

    /** What is used of a sub-licence. */
    @Component
    record Usage(Seats seats, OverageIntervals told) {}

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
        ceilings(license, asked, errors);
        if (!errors.isEmpty()) {
            throw new AllocationRefused(errors);
        }
    }

    private static void ceilings(LicenseSummary license, Allocation asked, List<FieldError> errors) {
        asked.overages().byMetric().forEach((metric, overage) -> {
            var ceiling = overage.ceiling();
            long limit = asked.entitlements().limit(metric);
            long most = license.entitlements().limit(metric);
            if (ceiling != null && ceiling < limit) {
                errors.add(new FieldError(
                        "entitlements",
                        "license.ceiling-below-limit",
                        "%s: the ceiling must not be below the limit, %d".formatted(metric.wireName(), limit),
                        ceiling));
            } else if (ceiling != null && ceiling > most) {
                errors.add(new FieldError(
                        "entitlements",
                        "license.ceiling-exceeds-license",
                        "%s: the licence itself has %d".formatted(metric.wireName(), most),
                        ceiling));
            }
        });
    }

    private static FieldError outside(String field, String message, Instant rejected) {
        return new FieldError(field, "license.outside-validity", message, rejected.toString());
    }
}
