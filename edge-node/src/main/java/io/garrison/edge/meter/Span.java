package io.garrison.edge.meter;

import io.garrison.protocol.MeterRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * The time between two readings.
 *
 * @param from by the time of buckets
 * @param to by the time of buckets; before {@code from} if that was wrong
 * @param fromNanos monotonic, at the first of the two
 * @param nanos that have passed, whatever was done to the machine's clock
 * @param doubtful whether the machine's clock says something else
 */
record Span(Instant from, Instant to, long fromNanos, long nanos, boolean doubtful) {

    /** What is counted in a longer one may belong to any part of it. */
    static final Duration LONGEST_TICK = Duration.ofSeconds(5);

    /** The one in which it ends. */
    long bucket() {
        return MeterRecord.bucketOf(to);
    }

    Span beginning() {
        return new Span(from, from, fromNanos, 0, doubtful);
    }

    boolean isBack() {
        return to.isBefore(from);
    }

    boolean isPause() {
        return nanos > LONGEST_TICK.toNanos() || Duration.between(from, to).compareTo(LONGEST_TICK) > 0;
    }

    /** What was counted until the first of the two was counted by then, also if that was wrong. */
    Instant start() {
        return isBack() ? to : from;
    }

    boolean passesBoundary() {
        return MeterRecord.bucketOf(from) < bucket();
    }

    /** How much of a pause belongs to the bucket in which it began; 0 if it ended there too, and of what is no pause. */
    long nanosOfFirstBucket() {
        var boundary = Instant.ofEpochSecond((MeterRecord.bucketOf(from) + 1) * MeterRecord.BUCKET_SECONDS);
        if (to.isBefore(boundary) || !isPause()) {
            return 0;
        }
        double share = (double) Duration.between(from, boundary).toMillis()
                / Duration.between(from, to).toMillis();
        return Math.clamp(Math.round(nanos * share), 0, nanos);
    }
}
