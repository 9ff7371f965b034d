package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.PoolShare.Lingering;
import io.garrison.licensing.PoolShare.Over;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Refusal.FieldError;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** The way to a share of a licence: its rules first, then its pool, or that of the reseller's allotment. */
@Component
class PoolAccess {

    private final Licenses licenses;
    private final Pools pools;
    private final VendorTrust trust;
    private final Usage usage;
    private final AllotmentSources sources;

    PoolAccess(Licenses licenses, Pools pools, VendorTrust trust, Usage usage, AllotmentSources sources) {
        this.sources = sources;
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
        var allotment = sources.forNew(CurrentTenant.require(), license.id());
        AllocationRules.requireWithin(license, allotment, asked, now);
        var share = new PoolShare(
                holder,
                allotment == null ? null : allotment.id(),
                asked.entitlements(),
                Ladder.graceEnds(asked.validUntil(), asked.graceDays()),
                Lingering.NONE,
                Over.NONE);
        pools.take(license, share, now);
        return license;
    }

    /**
     * Puts what it has become in place of the share that it holds. The caller holds the lock on the licence.
     *
     * @throws LicenseException if the licence does not allow it or its pool is exhausted
     */
    void change(LicenseSummary license, Stored became, Lingering lingering, Instant now) {
        requireWithin(license, became, now);
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
        requireWithin(license, taker, now);
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
        requireWithin(license, became, now);
        var lingering = usage.seats().lingering(became.id(), now);
        pools.change(license, List.of(share(became, lingering, now)), now);
    }

    /** What {@link #change} would throw. */
    void require(LicenseSummary license, Stored became, Instant now) {
        requireWithin(license, became, now);
        pools.requireRoom(license, List.of(share(became, Lingering.NONE, now)), now);
    }

    LicensePool with(LicenseSummary license, Stored became, Instant now) {
        return pools.with(license, share(became, Lingering.NONE, now), now);
    }

    /** The pool that the sub-licence is cut from. */
    LicensePool asItIs(LicenseSummary license, SubLicenseId holder, Instant now) {
        var allotment = sources.of(holder);
        return allotment == null ? pools.of(license, now) : pools.of(allotment, now);
    }

    void holdUntil(SubLicenseId holder, Instant until, Instant now) {
        pools.holdUntil(holder, until, now);
    }

    private void requireWithin(LicenseSummary license, Stored became, Instant now) {
        AllocationRules.requireWithin(license, sources.of(became.id()), allocation(became), now);
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
        var allotment = sources.of(became.id());
        return new PoolShare(
                became.id(),
                allotment == null ? null : allotment.id(),
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
}
