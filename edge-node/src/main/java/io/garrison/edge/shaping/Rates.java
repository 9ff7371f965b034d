package io.garrison.edge.shaping;

import io.garrison.edge.meter.Counts;
import org.jspecify.annotations.Nullable;

/** How much passes, from what the meter has counted since this process began. Thread-safe. */
public final class Rates {

    private static final double NANOS = 1e9;
    /** A shorter span than this is not a second: its rate would overstate the peak. */
    private static final long SHORTEST_SECOND = 900_000_000L;

    private @Nullable Mark began;
    private @Nullable Mark last;
    private Mark now = new Mark(Counts.ZERO, 0);
    private Peak fresh = Peak.NONE;
    private Peak reported = Peak.NONE;

    private record Mark(Counts counts, long nanos) {}

    private record Peak(long in, long out) {
        static final Peak NONE = new Peak(0, 0);

        Peak or(Peak other) {
            return new Peak(Math.max(in, other.in), Math.max(out, other.out));
        }
    }

    /** @param peakInBps the highest second since the last answered report, bit/s */
    public record Seen(long millis, long bytesIn, long bytesOut, long peakInBps, long peakOutBps) {}

    /** The first reading is where counting begins: it may hold what passed while no agent ran. */
    public synchronized void read(Counts total, long nanos) {
        now = new Mark(total, nanos);
        var mark = last;
        if (began == null || mark == null) {
            began = now;
            last = now;
        } else if (nanos - mark.nanos() >= SHORTEST_SECOND) {
            fresh = fresh.or(new Peak(
                    bps(total.bytesIn() - mark.counts().bytesIn(), nanos - mark.nanos()),
                    bps(total.bytesOut() - mark.counts().bytesOut(), nanos - mark.nanos())));
            last = now;
        }
    }

    /** For a report. */
    public synchronized Seen seen() {
        reported = reported.or(fresh);
        fresh = Peak.NONE;
        var from = began;
        return from == null
                ? new Seen(0, 0, 0, 0, 0)
                : new Seen(
                        (now.nanos() - from.nanos()) / 1_000_000,
                        now.counts().bytesIn() - from.counts().bytesIn(),
                        now.counts().bytesOut() - from.counts().bytesOut(),
                        reported.in(),
                        reported.out());
    }

    /** Bytes in both directions since counting began. Changes nothing. */
    public synchronized long total() {
        var from = began;
        return from == null
                ? 0
                : now.counts().bytesIn()
                        - from.counts().bytesIn()
                        + now.counts().bytesOut()
                        - from.counts().bytesOut();
    }

    /** The last report was answered. */
    public synchronized void answered() {
        reported = Peak.NONE;
    }

    private static long bps(long bytes, long nanos) {
        // A reading that came a little early still stands for one second.
        return Math.round(bytes * 8.0 * NANOS / Math.max(nanos, NANOS));
    }
}
