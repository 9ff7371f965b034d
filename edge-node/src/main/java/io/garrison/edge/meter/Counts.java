package io.garrison.edge.meter;

/** Cumulative counters of one service, or what was added to them. */
public record Counts(long bytesIn, long bytesOut, long requests, long connections) {

    public static final Counts ZERO = new Counts(0, 0, 0, 0);

    Counts plus(Counts more) {
        return new Counts(
                bytesIn + more.bytesIn,
                bytesOut + more.bytesOut,
                requests + more.requests,
                connections + more.connections);
    }

    Counts minus(Counts former) {
        return new Counts(
                bytesIn - former.bytesIn,
                bytesOut - former.bytesOut,
                requests - former.requests,
                connections - former.connections);
    }

    /** Whether no counter is below the former one. */
    boolean follows(Counts former) {
        return bytesIn >= former.bytesIn
                && bytesOut >= former.bytesOut
                && requests >= former.requests
                && connections >= former.connections;
    }

    /** Counters only, so that none of the two is ever lowered. */
    Counts withBytesOf(Counts other) {
        return new Counts(other.bytesIn, other.bytesOut, requests, connections);
    }

    long bytes() {
        return bytesIn + bytesOut;
    }
}
