package io.garrison.licensing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one sub-licence holds of its licence.
 *
 * @param allotment what it is cut from; null for the licence itself
 * @param until when it goes back by itself
 * @param lingering seats beyond what is granted, which are given up later
 * @param over what is used beyond what is granted, as the overage rules allow
 */
record PoolShare(
        SubLicenseId holder,
        @Nullable AllotmentId allotment,
        Entitlements granted,
        Instant until,
        Lingering lingering,
        Over over) {

    private static final Entitlements NOTHING = new Entitlements(0, 0, 0, Set.of());

    /** Amounts of overage that come out of the pool. */
    record Over(long instances, long virtualServices) {
        static final Over NONE = new Over(0, 0);
    }

    /**
     * Seats that outlive a limit which was lowered.
     *
     * @param until when the last of them is given up at the latest, or its offline lease ends
     */
    record Lingering(long seats, Instant until) {
        static final Lingering NONE = new Lingering(0, Instant.EPOCH);
    }

    /** What it takes of what it is cut from. */
    Held held(Instant now) {
        return held(granted, now);
    }

    /**
     * What it takes of its licence. What is cut from an allotment stands in the licence's sum with the allotment, but what
     * is used beyond what was granted comes on top.
     */
    Held heldOfLicense(Instant now) {
        return held(allotment == null ? granted : NOTHING, now);
    }

    private Held held(Entitlements granted, Instant now) {
        if (!until.isAfter(now)) {
            return Held.NOTHING;
        }
        var counts = new EnumMap<Metric, BigDecimal>(Metric.class);
        Metric.counted().forEach(metric -> counts.put(metric, BigDecimal.valueOf(granted.limit(metric))));
        counts.merge(Metric.INSTANCES, BigDecimal.valueOf(over.instances()), BigDecimal::add);
        counts.merge(Metric.VIRTUAL_SERVICES, BigDecimal.valueOf(over.virtualServices()), BigDecimal::add);
        if (lingering.until().isAfter(now)) {
            counts.merge(Metric.INSTANCES, BigDecimal.valueOf(lingering.seats()), BigDecimal::add);
        }
        return new Held(counts, granted.features());
    }
}
