package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord;
import io.garrison.reporting.usage.Registers.Reading;
import java.math.BigInteger;

/** Values of the registers that only grow. */
record Counters(long bytesIn, long bytesOut, long requests, long connections, long activeNanos) {

    static final Counters ZERO = new Counters(0, 0, 0, 0, 0);

    static Counters of(Reading reading) {
        return new Counters(
                reading.bytesIn(),
                reading.bytesOut(),
                reading.requests(),
                reading.connections(),
                reading.activeNanos());
    }

    /** What was counted since; a register that went back against the rules counts nothing until it has caught up. */
    Counters since(Counters earlier) {
        return new Counters(
                Math.max(0, bytesIn - earlier.bytesIn),
                Math.max(0, bytesOut - earlier.bytesOut),
                Math.max(0, requests - earlier.requests),
                Math.max(0, connections - earlier.connections),
                Math.max(0, activeNanos - earlier.activeNanos));
    }

    Counters max(Counters other) {
        return new Counters(
                Math.max(bytesIn, other.bytesIn),
                Math.max(bytesOut, other.bytesOut),
                Math.max(requests, other.requests),
                Math.max(connections, other.connections),
                Math.max(activeNanos, other.activeNanos));
    }

    /** The share of part {@code index} of {@code parts}; all shares add up to the whole. */
    Counters share(long index, long parts) {
        return new Counters(
                share(bytesIn, index, parts),
                share(bytesOut, index, parts),
                share(requests, index, parts),
                share(connections, index, parts),
                share(activeNanos, index, parts));
    }

    private static long share(long total, long index, long parts) {
        return total / parts + (index < total % parts ? 1 : 0);
    }

    /** Bits per second over one interval, rounded up. */
    long averageBps() {
        return BigInteger.valueOf(bytesIn)
                .add(BigInteger.valueOf(bytesOut))
                .multiply(BigInteger.valueOf(8))
                .add(BigInteger.valueOf(MeterRecord.BUCKET_SECONDS - 1L))
                .divide(BigInteger.valueOf(MeterRecord.BUCKET_SECONDS))
                .longValueExact();
    }
}
