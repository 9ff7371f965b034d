package io.garrison.instances.availability;

import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;

/**
 * What all instances of a stack have to agree on: with another interval or threshold on one side, one side would miss a
 * peer that the other has not given up. Ranges as in {@link HaSettings}.
 */
public record SharedSettings(HaMode mode, int port, int peerCheckIntervalMs, int peerFailureThreshold) {

    public static final SharedSettings DEFAULT = of(HaSettings.DEFAULT);

    public static SharedSettings of(HaSettings ha) {
        return new SharedSettings(ha.mode(), ha.port(), ha.peerCheckIntervalMs(), ha.peerFailureThreshold());
    }

    /** The settings of one instance with these in place of its own. */
    public HaSettings over(HaSettings own) {
        return over(own, own.primary(), mode);
    }

    HaSettings over(HaSettings own, boolean primary, HaMode as) {
        return new HaSettings(
                as,
                primary,
                port,
                peerCheckIntervalMs,
                peerFailureThreshold,
                own.peerRecoveryThreshold(),
                own.maximumFlaps(),
                own.flapWindowSeconds(),
                own.flapAction(),
                own.bandwidthMonitoring(),
                own.minimumBandwidthBps(),
                own.bandwidthIntervalSeconds(),
                own.linkMonitoringIntervalMs(),
                own.minimumActiveLinkPairs());
    }

    public long detectionMs() {
        return (long) peerCheckIntervalMs * peerFailureThreshold;
    }
}
