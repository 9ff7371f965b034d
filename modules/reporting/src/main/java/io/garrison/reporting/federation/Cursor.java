package io.garrison.reporting.federation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far batches have been made. Transactions from {@code low} to before {@code high} form a window: all of them have ended
 * when it is opened, so what they changed cannot grow any more. Of a window the intervals come first and then the epochs,
 * each in the order of their keys.
 *
 * @param high null while no window is open
 * @param bucket of the last interval that was put into a batch; null before the first of the window
 * @param epoch the last epoch that was
 * @param rewoundNumber the last number when everything became new again; 0 if it never did
 */
record Cursor(
        long low,
        @Nullable Long high,
        @Nullable BucketKey bucket,
        @Nullable RowKey epoch,
        long lastNumber,
        @Nullable String lastSha256,
        long rewoundNumber) {

    static final Cursor BEGINNING = new Cursor(0, null, null, null, 0, null, 0);

    record BucketKey(UUID stream, long epoch, long bucket) {}

    record RowKey(UUID stream, long epoch) {}

    Cursor opened(long until) {
        return new Cursor(low, until, null, null, lastNumber, lastSha256, rewoundNumber);
    }

    Cursor at(@Nullable BucketKey lastBucket, @Nullable RowKey lastEpoch) {
        return new Cursor(low, high, lastBucket, lastEpoch, lastNumber, lastSha256, rewoundNumber);
    }

    Cursor closed() {
        return new Cursor(high == null ? low : high, null, null, null, lastNumber, lastSha256, rewoundNumber);
    }

    Cursor numbered(long number, String sha256) {
        return new Cursor(low, high, bucket, epoch, number, sha256, rewoundNumber);
    }

    /** Everything is new again; the numbers go on. */
    Cursor rewound() {
        return new Cursor(0, null, null, null, lastNumber, lastSha256, lastNumber);
    }
}
