package io.garrison.reporting.usage;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The registers of one epoch of a stream, as stored.
 *
 * @param finished whether the edge has ended it, so that nothing is to be expected after the last reading
 * @param quarantined whether two edges, or one before and after a restore, have counted as this epoch
 * @param readings by interval; may begin with one before the range and end with one after it
 */
record Registers(long epoch, boolean finished, boolean quarantined, SequenceRanges seen, List<Reading> readings) {

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
