package io.garrison.edge.meter;

import java.time.Duration;
import java.time.Instant;

/**
 * Management's clock, as it stood at a moment.
 *
 * @param monoNanos monotonic, at that moment
 */
record Beacon(Instant time, long monoNanos) {

    Instant at(long nowNanos) {
        return time.plusNanos(nowNanos - monoNanos);
    }

    boolean agreesWith(Beacon other) {
        return !BucketClock.isFar(Duration.between(other.at(monoNanos), time));
    }
}
