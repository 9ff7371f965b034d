package io.garrison.edge.ha.keepalived;

import static io.garrison.edge.ha.keepalived.PlanRefusedException.require;

import io.garrison.protocol.HaSettings;

/**
 * @param advertMs time between two adverts
 * @param missing adverts in a row after which the holder counts as failed
 * @param delayMs how long the preferred holder has to be well before it takes the addresses back
 */
record Timing(long advertMs, int missing, long delayMs) {

    /** VRRPv3 has twelve bits for hundredths of a second (RFC 5798, 5.2.7). */
    private static final long MOST_ADVERT_MS = 40_950;

    private static final long MOST_DELAY_MS = 1_000_000;

    /** Beyond what an advert can say, twice as many are sent and twice as many may be missing. */
    static Timing of(HaSettings ha) {
        int interval = ha.peerCheckIntervalMs();
        require(
                interval >= 50 && interval <= 60_000 && interval % 10 == 0,
                "ha.peerCheckIntervalMs",
                "must be 50 to 60,000 ms in steps of 10");
        int threshold = ha.peerFailureThreshold();
        require(threshold >= 1 && threshold <= 50, "ha.peerFailureThreshold", "must be 1 to 50");
        int recovery = ha.peerRecoveryThreshold();
        require(recovery >= 1 && recovery <= 1_000, "ha.peerRecoveryThreshold", "must be 1 to 1,000");
        long delay = Math.min((long) interval * recovery, MOST_DELAY_MS);
        if (interval <= MOST_ADVERT_MS) {
            return new Timing(interval, threshold, delay);
        }
        // Steps of hundredths: an interval of 45,010 ms becomes 22,500 and is 20 ms in a minute too quick.
        return new Timing(interval / 20 * 10L, threshold * 2, delay);
    }
}
