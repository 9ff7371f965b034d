package io.garrison.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Cumulative registers of one virtual service on one instance. Registers only grow within an epoch, so a record that
 * comes twice, late or out of order changes nothing.
 *
 * @param stream {@link #streamOf}
 * @param epoch grows by one whenever a source counter may have gone backwards; from 1
 * @param nonce random, drawn with the epoch; two values for one epoch mean a cloned or restored edge
 * @param sequence from 1 per stream and epoch, without gaps, one per record
 * @param bucket number of the 5-minute interval since 1970-01-01T00:00:00Z that ends the counting
 * @param kind CLOSE ends (part of) a bucket, FINAL ends an epoch
 * @param at when the registers were read
 * @param source KERNEL: IP bytes at the virtual service; PROXY: bytes as HAProxy counts them
 * @param bytesIn from clients, since the start of the epoch
 * @param bytesOut to clients, since the start of the epoch
 * @param requests HTTP requests, or connections of a TCP service, since the start of the epoch
 * @param connections since the start of the epoch
 * @param activeNanos time in which the service was enabled and the instance ran, since the start of the epoch
 * @param peakBps highest bit rate of one second within the bucket, both directions added
 * @param exact false once something may have gone uncounted in this epoch
 */
public record MeterRecord(
        UUID stream,
        String virtualService,
        long epoch,
        long nonce,
        long sequence,
        long bucket,
        Kind kind,
        Instant at,
        Source source,
        long bytesIn,
        long bytesOut,
        long requests,
        long connections,
        long activeNanos,
        long peakBps,
        boolean exact) {

    public static final int BUCKET_SECONDS = 300;

    public enum Kind {
        CLOSE,
        FINAL
    }

    public enum Source {
        KERNEL,
        PROXY
    }

    /** Both ends derive the stream, so that an edge can't name another's. */
    public static UUID streamOf(UUID instanceId, String virtualService, Source source) {
        return UUID.nameUUIDFromBytes(
                (instanceId + "/" + source + "/" + virtualService).getBytes(StandardCharsets.UTF_8));
    }

    public static long bucketOf(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), BUCKET_SECONDS);
    }
}
