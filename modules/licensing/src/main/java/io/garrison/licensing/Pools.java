package io.garrison.licensing;

import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.LicensePool.Line;
import io.garrison.licensing.SubLicenseRecords.Stored;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * What the sub-licences of all tenants hold of a licence. A share counts until it is released, or until the grace of its
 * sub-licence ends, because its instances run that long. Sums never overflow: they are not made in 64 bits.
 */
@Component
class Pools {

    private final PoolShares shares;

    Pools(PoolShares shares) {
        this.shares = shares;
    }

    LicensePool of(LicenseSummary license, Instant now) {
        return pool(license, shares.held(license.id(), now));
    }

    /** The pool as it would be with these shares in place of what their holders hold now. */
    LicensePool with(LicenseSummary license, Collection<PoolShare> changed, Instant now) {
        var held = shares.held(license.id(), now);
        for (var share : changed) {
            held = held.less(shares.heldBy(share.holder(), now)).plus(share, now);
        }
        return pool(license, held);
    }

    /**
     * Takes a share. The caller holds the lock on the licence.
     *
     * @throws PoolExhausted if a count does not fit
     */
    void take(LicenseSummary license, PoolShare share, Instant now) {
        requireRoom(license, List.of(share), now);
        shares.insert(license.id(), share);
    }

    /**
     * Puts shares in place of what their holders hold. What makes a sum no greater is always let through. The caller holds
     * the lock on the licence.
     *
     * @throws PoolExhausted if a count does not fit
     */
    void change(LicenseSummary license, Collection<PoolShare> changed, Instant now) {
        requireRoom(license, changed, now);
        changed.forEach(shares::update);
    }

    /** {@link #change} that leaves the seats which linger as they are. */
    void extend(LicenseSummary license, PoolShare share, Instant now) {
        requireRoom(license, List.of(share), now);
        shares.extend(share);
    }

    void release(SubLicenseId holder, Instant at) {
        shares.release(holder, at);
    }

    void holdUntil(SubLicenseId holder, Instant until) {
        shares.holdUntil(holder, until);
    }

    /** @throws PoolExhausted if a count does not fit */
    void requireRoom(LicenseSummary license, Collection<PoolShare> changed, Instant now) {
        var all = shares.held(license.id(), now);
        var before = Held.NOTHING;
        var after = Held.NOTHING;
        for (var share : changed) {
            before = before.plus(shares.heldBy(share.holder(), now));
            after = after.plus(share, now);
        }
        for (var metric : Metric.counted()) {
            var asked = after.of(metric);
            var free = BigDecimal.valueOf(license.entitlements().limit(metric))
                    .subtract(all.of(metric))
                    .add(before.of(metric));
            if (asked.compareTo(free) > 0 && asked.compareTo(before.of(metric)) > 0) {
                throw new PoolExhausted("entitlements", metric, asked.toPlainString(), free.toPlainString());
            }
        }
    }

    /**
     * Whether so much may be used, with what it is granted already held.
     *
     * @throws PoolExhausted if what goes beyond that is not in the pool
     */
    void requireRoomBeyond(LicenseSummary license, Stored holder, Metric metric, long used, Instant now) {
        var mine = shares.heldBy(holder.id(), now).of(metric);
        var free = BigDecimal.valueOf(license.entitlements().limit(metric))
                .subtract(shares.held(license.id(), now).of(metric))
                .add(mine);
        var asked = BigDecimal.valueOf(used);
        if (asked.compareTo(free) > 0 && asked.compareTo(mine) > 0) {
            throw new PoolExhausted("entitlements", metric, asked.toPlainString(), free.toPlainString());
        }
    }

    private static LicensePool pool(LicenseSummary license, Held held) {
        var lines = new ArrayList<Line>();
        for (var metric : Metric.counted()) {
            long limit = license.entitlements().limit(metric);
            long allocated = held.of(metric).longValueExact();
            lines.add(new Count(metric, limit, allocated, limit - allocated));
        }
        lines.add(new Features(license.entitlements().features(), new TreeSet<>(held.features())));
        return new LicensePool(lines);
    }
}
