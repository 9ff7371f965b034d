package io.garrison.licensing;

import io.garrison.licensing.AllotmentException.BelowAllocated;
import io.garrison.licensing.AllotmentException.Exhausted;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.LicensePool.Line;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One level of the licence tree at which shares are added up: a licence, or an allotment of it.
 *
 * @param allotment null for the licence itself
 * @param held what has been given away
 */
record PoolLevel(@Nullable AllotmentId allotment, Entitlements limits, Overcommit overcommit, Held held) {

    static PoolLevel of(LicenseSummary license, Held held) {
        return new PoolLevel(null, license.entitlements(), license.overcommit(), held);
    }

    static PoolLevel of(AllotmentSummary allotment, Held held) {
        return new PoolLevel(allotment.id(), allotment.entitlements(), allotment.overcommit(), held);
    }

    /**
     * Whether so much may be held in place of what is held now by the same. What makes a sum no greater always may.
     *
     * @throws LicenseException if a count does not fit
     */
    void requireRoom(Metric metric, BigDecimal before, BigDecimal after) {
        var free = BigDecimal.valueOf(overcommit.capacity(metric, limits))
                .subtract(held.of(metric))
                .add(before);
        if (after.compareTo(free) > 0 && after.compareTo(before) > 0) {
            throw exhausted(metric, after, free);
        }
    }

    /**
     * Whether what has been given away could be given away still.
     *
     * @param field that the caller asked to change
     * @throws BelowAllocated with every metric of which more has been given away
     */
    void requireCapacity(String field) {
        var lines = new ArrayList<BelowAllocated.Line>();
        for (var metric : Metric.counted()) {
            long capacity = overcommit.capacity(metric, limits);
            if (held.of(metric).compareTo(BigDecimal.valueOf(capacity)) > 0) {
                lines.add(new BelowAllocated.Line(metric, held.of(metric).toPlainString(), capacity));
            }
        }
        if (!lines.isEmpty()) {
            throw new BelowAllocated(field, lines);
        }
    }

    private LicenseException exhausted(Metric metric, BigDecimal asked, BigDecimal free) {
        return allotment == null
                ? new PoolExhausted("entitlements", metric, asked.toPlainString(), free.toPlainString())
                : new Exhausted(metric, asked.toPlainString(), free.toPlainString());
    }

    PoolLevel with(Held before, Held after) {
        return new PoolLevel(allotment, limits, overcommit, held.less(before).plus(after));
    }

    LicensePool pool() {
        var lines = new ArrayList<Line>();
        for (var metric : Metric.counted()) {
            long allocated = held.of(metric).longValueExact();
            lines.add(new Count(
                    metric,
                    limits.limit(metric),
                    overcommit.of(metric),
                    allocated,
                    overcommit.capacity(metric, limits) - allocated));
        }
        lines.add(new Features(limits.features(), new TreeSet<>(held.features())));
        return new LicensePool(lines);
    }
}
