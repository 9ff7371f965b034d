package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A numbered batch of the registers that an installation of a customer's own holds. They are cumulative: a batch that comes
 * twice, late or out of order changes nothing. Each batch names the one before it by its digest, so that one that is
 * missing shows, and so does an installation that lives twice.
 *
 * <p>The intervals of an epoch come no later than the epoch itself, so that an epoch never claims what has not come.
 *
 * @param number from 1, without gaps
 * @param previous SHA-256, hex, of the batch before in the bytes in which it is sent; null for the first
 * @param streams what the streams are that the rows name
 */
public record SiteUsage(
        long number,
        @Nullable String previous,
        Instant madeAt,
        List<Stream> streams,
        List<Interval> intervals,
        List<Epoch> epochs) {

    /** Intervals and epochs of one batch together; so many fit into a file, with a stream for each. */
    public static final int MAX_ROWS = 3_000;

    public SiteUsage {
        streams = streams == null ? List.of() : List.copyOf(streams);
        intervals = intervals == null ? List.of() : List.copyOf(intervals);
        epochs = epochs == null ? List.of() : List.copyOf(epochs);
    }

    public record Stream(
            UUID stream, UUID stackId, UUID instanceId, String virtualService, MeterRecord.Source source) {}

    /** The registers at the end of a 5-minute interval; as in {@link MeterRecord}. */
    public record Interval(
            UUID stream,
            long epoch,
            long nonce,
            long bucket,
            long sequence,
            MeterRecord.Kind kind,
            UUID subLicenseId,
            Instant at,
            long bytesIn,
            long bytesOut,
            long requests,
            long connections,
            long activeNanos,
            long peakBps,
            boolean exact) {}

    /**
     * @param seen which sequence numbers have come: begin (inclusive) and end (exclusive) of each range, ascending
     * @param finalSequence with which the epoch ended; null if it has not
     * @param quarantined whether two edges have counted as this epoch
     */
    public record Epoch(
            UUID stream,
            long epoch,
            long nonce,
            List<Long> seen,
            @Nullable Long finalSequence,
            boolean quarantined) {

        public Epoch {
            seen = seen == null ? List.of() : List.copyOf(seen);
        }
    }

    /**
     * What became of a batch.
     *
     * @param known whether it had come before, so that it changed nothing
     * @param newRows registers that were unknown or have moved on
     * @param knownRows registers that were known just so
     * @param olderRows registers of which a later state was known
     * @param missing numbers of batches below the highest that have not come; of more than 100 the last 100
     */
    public record Taken(long number, boolean known, int newRows, int knownRows, int olderRows, List<Long> missing) {

        public Taken {
            missing = missing == null ? List.of() : List.copyOf(missing);
        }
    }
}
