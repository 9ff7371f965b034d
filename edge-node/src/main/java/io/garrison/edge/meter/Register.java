package io.garrison.edge.meter;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import java.time.Instant;
import java.util.UUID;

/** The registers of one service and source, in the epoch that is open or was open last. */
final class Register {

    private static final long SECOND = 1_000_000_000L;
    /** A shorter span than this is not a second: its rate would overstate the peak. */
    private static final long SHORTEST_SECOND = 900_000_000L;

    private final UUID stream;
    private final String service;
    private final Source source;
    private long epoch;
    private long usedElsewhere;
    private long gaveWayIn;
    private long nonce;
    private long sequence;
    private boolean open;
    private boolean exact = true;
    private long bucket;
    private Counts counts = Counts.ZERO;
    private long activeNanos;
    private long peakBps;
    private boolean active;
    private Counts recordedCounts = Counts.ZERO;
    private long recordedActiveNanos;
    private long markNanos;
    private long markBytes;

    /** What of a register survives. */
    record Saved(
            String service,
            Source source,
            long epoch,
            long nonce,
            long sequence,
            boolean open,
            boolean exact,
            long bucket,
            Counts counts,
            long activeNanos,
            long peakBps,
            boolean active,
            Counts recordedCounts,
            long recordedActiveNanos) {}

    /** @param lastEpoch the newest epoch that may have been used before; 0 if none */
    Register(UUID instance, String service, Source source, long lastEpoch) {
        this.stream = MeterRecord.streamOf(instance, service, source);
        this.service = service;
        this.source = source;
        this.epoch = lastEpoch;
    }

    static Register of(UUID instance, Saved saved, long monoNanos) {
        var register = new Register(instance, saved.service(), saved.source(), saved.epoch());
        register.nonce = saved.nonce();
        register.sequence = saved.sequence();
        register.open = saved.open();
        register.exact = saved.exact();
        register.bucket = saved.bucket();
        register.counts = saved.counts();
        register.activeNanos = saved.activeNanos();
        register.peakBps = saved.peakBps();
        register.active = saved.active();
        register.recordedCounts = saved.recordedCounts();
        register.recordedActiveNanos = saved.recordedActiveNanos();
        register.mark(monoNanos);
        return register;
    }

    Saved saved() {
        return new Saved(
                service,
                source,
                epoch,
                nonce,
                sequence,
                open,
                exact,
                bucket,
                counts,
                activeNanos,
                peakBps,
                active,
                recordedCounts,
                recordedActiveNanos);
    }

    /** @param monoNanos when that was read from which on it counts */
    void begin(long newNonce, long newBucket, long monoNanos) {
        epoch = Math.max(epoch, usedElsewhere) + 1;
        nonce = newNonce;
        sequence = 0;
        open = true;
        exact = true;
        bucket = newBucket;
        counts = Counts.ZERO;
        activeNanos = 0;
        peakBps = 0;
        recordedCounts = Counts.ZERO;
        recordedActiveNanos = 0;
        mark(monoNanos);
    }

    void add(Counts more) {
        counts = counts.plus(more);
    }

    /** Service time counts only between two readings that both found the service active. */
    void addActive(long nanos, boolean activeNow) {
        if (active && activeNow) {
            activeNanos += nanos;
        }
        active = activeNow;
    }

    /** Service time of a pause, until the end of the bucket in which that began; the service is active at its end too. */
    void addActiveOfFormerBucket(long nanos) {
        if (active) {
            activeNanos += nanos;
        }
    }

    /**
     * Takes the rate since the last mark, if that was about a second ago or longer.
     *
     * @param timely false if what was added since may have been counted in another time; then no rate is taken
     */
    void measurePeak(long monoNanos, boolean timely) {
        long elapsed = monoNanos - markNanos;
        if (timely && elapsed >= SHORTEST_SECOND) {
            double bits = (counts.bytes() - markBytes) * 8.0;
            // A reading that came a little early still stands for one second.
            peakBps = Math.max(peakBps, Math.round(bits * SECOND / Math.max(elapsed, SECOND)));
        }
        if (!timely || elapsed >= SHORTEST_SECOND) {
            mark(monoNanos);
        }
    }

    void enter(long newBucket) {
        bucket = newBucket;
        peakBps = 0;
    }

    /** Whether management has numbers of it that were never given out here. */
    boolean isBehind(MeterAck committed) {
        long highest = committed.beyond().isEmpty()
                ? committed.sequence()
                : committed.beyond().getLast().last();
        return committed.epoch() > epoch || (committed.epoch() == epoch && highest > sequence);
    }

    /** The next epoch comes behind this one; @return whether it is time for the next. */
    boolean givesWayTo(long otherEpoch, long inBucket) {
        usedElsewhere = Math.max(usedElsewhere, otherEpoch);
        boolean first = gaveWayIn != inBucket;
        gaveWayIn = inBucket;
        return first;
    }

    /** The time of its bucket was wrong; what it has counted belongs to an earlier one. */
    void moveBack(long earlier) {
        bucket = earlier;
    }

    boolean moved() {
        return !counts.equals(recordedCounts) || activeNanos != recordedActiveNanos;
    }

    MeterRecord record(Kind kind, Instant at) {
        sequence++;
        recordedCounts = counts;
        recordedActiveNanos = activeNanos;
        if (kind == Kind.FINAL) {
            open = false;
        }
        return new MeterRecord(
                stream,
                service,
                epoch,
                nonce,
                sequence,
                bucket,
                kind,
                at,
                source,
                counts.bytesIn(),
                counts.bytesOut(),
                counts.requests(),
                counts.connections(),
                activeNanos,
                peakBps,
                exact);
    }

    void mayHaveMissed() {
        exact = false;
    }

    boolean exact() {
        return exact;
    }

    boolean isOpen() {
        return open;
    }

    boolean isActive() {
        return active;
    }

    long bucket() {
        return bucket;
    }

    String service() {
        return service;
    }

    UUID stream() {
        return stream;
    }

    long epoch() {
        return epoch;
    }

    Source source() {
        return source;
    }

    Counts counts() {
        return counts;
    }

    MeterAck position() {
        return new MeterAck(stream, epoch, sequence);
    }

    private void mark(long monoNanos) {
        markNanos = monoNanos;
        markBytes = counts.bytes();
    }
}
