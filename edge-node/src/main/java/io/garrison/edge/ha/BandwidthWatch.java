package io.garrison.edge.ha;

import io.garrison.protocol.HaSettings;
import java.util.ArrayDeque;

/**
 * Finds that a holder of addresses gets too little traffic. Only a holder that had enough before can find that: a network
 * that is quiet for everybody then moves the addresses once and not to and fro. Times are those of one clock, ms.
 */
final class BandwidthWatch {

    /** How long it stays quiet after it has spoken. */
    private static final long HOLD_DOWN_MS = 60_000;

    private final ArrayDeque<Reading> readings = new ArrayDeque<>();
    private boolean earned;
    private boolean low;
    private long spokenAt = -HOLD_DOWN_MS;

    private record Reading(long at, long bytes) {}

    /** @return whether the addresses should go to a peer */
    boolean isTooLow(HaSettings ha, boolean master, long bytes, long now) {
        if (!ha.bandwidthMonitoring() || !master) {
            readings.clear();
            earned = false;
            low = false;
            return false;
        }
        readings.addLast(new Reading(now, bytes));
        long from = now - ha.bandwidthIntervalSeconds() * 1_000L;
        while (readings.size() > 2 && second().at() <= from) {
            readings.removeFirst();
        }
        var first = readings.getFirst();
        if (first.at() > from) {
            return false;
        }
        double bps = (bytes - first.bytes()) * 8_000.0 / (now - first.at());
        if (bps >= ha.minimumBandwidthBps()) {
            earned = true;
            low = false;
            return false;
        }
        // The bytes are read elsewhere, as often as this looks: one reading that is late makes an interval of nothing.
        boolean again = low;
        low = true;
        if (!again || !earned || now - spokenAt < HOLD_DOWN_MS) {
            return false;
        }
        earned = false;
        spokenAt = now;
        return true;
    }

    /** Whether a whole interval as holder has brought enough. */
    boolean isEnough() {
        return earned;
    }

    private Reading second() {
        var all = readings.iterator();
        all.next();
        return all.next();
    }
}
