package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.Refusal.FieldError;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * What has been given away of a licence and of its allotments. A share counts until it is released, or until the grace of
 * its sub-licence ends, because its instances run that long; seats on offline leases that end later count to their end. It
 * counts at the level that it is cut from; what is used beyond it counts at the licence as well. Sums never overflow: they are not made in 64 bits.
 */
@Component
class Pools {

    private final PoolShares shares;
    private final AllotmentSources sources;
    private final Allotments allotments;

    Pools(PoolShares shares, AllotmentSources sources, Allotments allotments) {
        this.shares = shares;
        this.sources = sources;
        this.allotments = allotments;
    }

    LicensePool of(LicenseSummary license, Instant now) {
        return level(license, now).pool();
    }

    LicensePool of(AllotmentSummary allotment, Instant now) {
        return level(allotment, now).pool();
    }

    PoolLevel level(LicenseSummary license, Instant now) {
        return PoolLevel.of(license, shares.held(license.id(), now));
    }

    PoolLevel level(AllotmentSummary allotment, Instant now) {
        return PoolLevel.of(allotment, shares.held(allotment.id(), now));
    }

    /** The pool that the share is cut from, as it would be with this share in place of what its holder has now. */
    LicensePool with(LicenseSummary license, PoolShare changed, Instant now) {
        var allotment = sources.of(changed.holder());
        var level = allotment == null ? level(license, now) : level(allotment, now);
        return level.with(shares.heldBy(changed.holder(), now), changed.held(now))
                .pool();
    }

    /**
     * Takes a share. The caller holds the lock on the licence.
     *
     * @throws LicenseException if a count does not fit
     */
    void take(LicenseSummary license, PoolShare share, Instant now) {
        requireRoom(license, List.of(share), now);
        shares.insert(license.id(), share);
    }

    /**
     * Puts shares in place of what their holders hold. What makes a sum no greater is always let through. The caller holds
     * the lock on the licence.
     *
     * @throws LicenseException if a count does not fit
     */
    void change(LicenseSummary license, Collection<PoolShare> changed, Instant now) {
        requireRoom(license, changed, now);
        changed.forEach(share -> {
            shares.update(share);
            shares.outlive(share.holder(), now);
        });
    }

    /** What is left of a share that has ended are seats on offline leases. */
    void release(SubLicenseId holder, Instant at) {
        shares.release(holder, at);
        shares.outlive(holder, at);
    }

    void holdUntil(SubLicenseId holder, Instant until, Instant now) {
        shares.holdUntil(holder, until);
        shares.outlive(holder, now);
    }

    /** Seats that counted beyond what is granted, or after its share had ended, are free. */
    void seatsLeft(SubLicenseId holder, PoolShare.Lingering rest, Instant now) {
        shares.lingerNoMore(holder, rest);
        shares.outlive(holder, now);
    }

    /**
     * At every level that the shares belong to.
     *
     * @throws LicenseException if a count does not fit
     */
    void requireRoom(LicenseSummary license, Collection<PoolShare> changed, Instant now) {
        var before = Held.NOTHING;
        var after = Held.NOTHING;
        for (var share : changed) {
            before = before.plus(shares.heldOfLicenseBy(share.holder(), now));
            after = after.plus(share.heldOfLicense(now));
        }
        requireRoom(level(license, now), before, after);
        requireNoneAbove(license, changed);
        changed.stream()
                .map(PoolShare::allotment)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(allotment -> requireRoom(allotment, changed, now));
    }

    private void requireRoom(AllotmentId id, Collection<PoolShare> changed, Instant now) {
        var allotment = allotments.find(id).orElseThrow();
        var before = Held.NOTHING;
        var after = Held.NOTHING;
        for (var share : changed) {
            if (id.equals(share.allotment())) {
                before = before.plus(shares.heldBy(share.holder(), now));
                after = after.plus(share.held(now));
            }
        }
        if (after.isMoreThan(before)) {
            sources.requireOpen(allotment);
        }
        requireRoom(level(allotment, now), before, after);
    }

    private static void requireRoom(PoolLevel level, Held before, Held after) {
        Metric.counted().forEach(metric -> level.requireRoom(metric, before.of(metric), after.of(metric)));
    }

    /** However many times over the licence is given away, no single sub-licence claims more than the licence has. */
    private static void requireNoneAbove(LicenseSummary license, Collection<PoolShare> changed) {
        for (var share : changed) {
            for (var metric : Metric.counted()) {
                long most = license.entitlements().limit(metric);
                if (share.granted().limit(metric) > most) {
                    throw new AllocationRefused(List.of(new FieldError(
                            "entitlements",
                            "license.limit-exceeds-license",
                            "%s: the licence itself has %d".formatted(metric.wireName(), most),
                            share.granted().limit(metric))));
                }
            }
        }
    }

    /**
     * Whether so much may be used, with what it is granted already held.
     *
     * @throws PoolExhausted if what goes beyond that is not in the licence pool
     * @throws AllotmentException.Exhausted if it is not in the allotment that the sub-licence is cut from
     */
    void requireRoomBeyond(LicenseSummary license, Stored holder, Metric metric, long used, Instant now) {
        var allotment = sources.of(holder.id());
        var mine = shares.heldBy(holder.id(), now).of(metric);
        var asked = BigDecimal.valueOf(used);
        if (allotment == null) {
            level(license, now).requireRoom(metric, mine, asked);
            return;
        }
        level(allotment, now).requireRoom(metric, mine, asked);
        var granted = BigDecimal.valueOf(holder.entitlements().limit(metric));
        level(license, now)
                .requireRoom(
                        metric,
                        shares.heldOfLicenseBy(holder.id(), now).of(metric),
                        asked.subtract(granted).max(BigDecimal.ZERO));
    }
}
