package io.garrison.reporting.usage;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The registers of one epoch of a stream, as stored.
 *
 * @param finished whether the edge has ended it, so that nothing is to be expected after the last reading
 * @param quarantined whether two edges, or one before and after a restore, have counted as this epoch
 * @param before what is known of the readings before the first of these
 * @param readings by interval; may begin with one before the range and end with one after it
 */
record Registers(
        long epoch, boolean finished, boolean quarantined, SequenceRanges seen, Before before, List<Reading> readings) {

    /**
     * Readings in the order of their intervals.
     *
     * @param highest of each register
     * @param sequence the highest
     * @param wentBack whether one of them, or its sequence, was not above that of an earlier interval
     */
    record Before(Counters highest, long sequence, boolean wentBack) {

        static final Before NOTHING = new Before(Counters.ZERO, 0, false);

        Before and(Reading next) {
            var counters = Counters.of(next);
            return new Before(
                    highest.max(counters),
                    Math.max(sequence, next.sequence()),
                    wentBack || next.sequence() <= sequence || !counters.equals(highest.max(counters)));
        }
    }

    /** The registers at the end of a 5-minute interval. */
    record Reading(
            long bucket,
            long sequence,
            UUID subLicense,
            Instant at,
            long bytesIn,
            long bytesOut,
            long requests,
            long connections,
            long activeNanos,
            long peakBps,
            boolean exact) {}
}
