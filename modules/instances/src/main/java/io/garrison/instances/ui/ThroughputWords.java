package io.garrison.instances.ui;

import io.garrison.instances.InstanceThroughput;
import io.garrison.tenancy.ui.Units;

/** What an instance passes and may pass, for people. */
final class ThroughputWords {

    static final String NOT_LIMITED = "Not limited at the edge";

    private ThroughputWords() {}

    static String rates(InstanceThroughput throughput) {
        return Units.bitsPerSecond(throughput.inBps()) + " from clients, " + Units.bitsPerSecond(throughput.outBps())
                + " to clients";
    }

    static String limit(InstanceThroughput throughput) {
        var share = throughput.shareBps();
        if (share == null) {
            return "none";
        }
        return throughput.isUnlimitedAgainstItsShare()
                ? NOT_LIMITED
                : Units.bitsPerSecond(share) + " in each direction";
    }

    /** Why a share is not held to. */
    static String reason(InstanceThroughput throughput) {
        var share = throughput.shareBps();
        var reason = throughput.reason();
        return (share == null ? "" : "Its share is " + Units.bitsPerSecond(share) + ". ")
                + (reason == null ? "The edge does not say why." : reason);
    }
}
