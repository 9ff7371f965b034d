package io.garrison.protocol;

/**
 * How one instance takes part in the high availability of its stack. What is absent takes its default. Whoever takes
 * these values from people checks them by the ranges below; the records hold any value.
 *
 * @param mode what the instance does together with its peers; default NONE
 * @param primary whether it holds the shared addresses as long as it is healthy; default false
 * @param port TCP port on which instances of the stack talk to each other with mutual TLS, 1–65,534; the port after it
 *     carries shared tables. VRRP itself is IP protocol 112 and has no port (RFC 5798, 5.1.1.4). Default 10,101
 * @param peerCheckIntervalMs time between two signs of life, 50–60,000 ms in steps of 10 ms; default 2,000
 * @param peerFailureThreshold signs of life in a row that must be missing before a peer counts as failed, 1–50; default 2
 * @param peerRecoveryThreshold intervals in a row that must be good before a peer counts as recovered, 1–1,000;
 *     default 1
 * @param maximumFlaps how often it may leave the active state within the window beyond which the action is taken, 0–100; 0 switches this off;
 *     default 6
 * @param flapWindowSeconds 10–86,400; default 600
 * @param flapAction what the primary does then; default BYPASS
 * @param bandwidthMonitoring whether the holder hands over when too little traffic arrives; default false
 * @param minimumBandwidthBps bit/s of clients' traffic, both directions together, 1–10^12; default 1,024
 * @param bandwidthIntervalSeconds for how long it must have been less, 1–3,600; default 10
 * @param linkMonitoringIntervalMs how often the carriers of the link pairs are read, 10–60,000; default 100
 * @param minimumActiveLinkPairs fewer than these, and the instance gives up its addresses, 0–32; 0 switches this off;
 *     default 0
 */
public record HaSettings(
        HaMode mode,
        Boolean primary,
        Integer port,
        Integer peerCheckIntervalMs,
        Integer peerFailureThreshold,
        Integer peerRecoveryThreshold,
        Integer maximumFlaps,
        Integer flapWindowSeconds,
        FlapAction flapAction,
        Boolean bandwidthMonitoring,
        Long minimumBandwidthBps,
        Integer bandwidthIntervalSeconds,
        Integer linkMonitoringIntervalMs,
        Integer minimumActiveLinkPairs) {

    /** What an instance does that was never told anything else. */
    public static final HaSettings DEFAULT = new HaSettings(
            HaMode.NONE, false, 10_101, 2_000, 2, 1, 6, 600, FlapAction.BYPASS, false, 1_024L, 10, 100, 0);

    public HaSettings {
        mode = Absent.or(mode, HaMode.NONE);
        primary = Absent.or(primary, false);
        port = Absent.or(port, 10_101);
        peerCheckIntervalMs = Absent.or(peerCheckIntervalMs, 2_000);
        peerFailureThreshold = Absent.or(peerFailureThreshold, 2);
        peerRecoveryThreshold = Absent.or(peerRecoveryThreshold, 1);
        maximumFlaps = Absent.or(maximumFlaps, 6);
        flapWindowSeconds = Absent.or(flapWindowSeconds, 600);
        flapAction = Absent.or(flapAction, FlapAction.BYPASS);
        bandwidthMonitoring = Absent.or(bandwidthMonitoring, false);
        minimumBandwidthBps = Absent.or(minimumBandwidthBps, 1_024L);
        bandwidthIntervalSeconds = Absent.or(bandwidthIntervalSeconds, 10);
        linkMonitoringIntervalMs = Absent.or(linkMonitoringIntervalMs, 100);
        minimumActiveLinkPairs = Absent.or(minimumActiveLinkPairs, 0);
    }

    /** How long it takes until a silent peer counts as failed: interval × failure threshold, ms. */
    public long detectionMs() {
        return (long) peerCheckIntervalMs * peerFailureThreshold;
    }

    public enum HaMode {
        /** Takes part in nothing. */
        NONE,
        /** Each instance of a pair is the primary of its share of the addresses. */
        ACTIVE_ACTIVE,
        /** One instance holds all addresses, the others stand by. */
        ACTIVE_PASSIVE,
        /** As ACTIVE_ACTIVE, with more than two instances. */
        CLUSTER
    }

    /** What a primary does that changed its role too often. */
    public enum FlapAction {
        /** Passes traffic on uninspected until a person releases it. */
        BYPASS,
        /** Leaves the addresses to its peers until a person releases it. */
        HOLD,
        /** Only tells. */
        ALARM
    }
}
