package io.garrison.instances.availability;

import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan.LinkPair;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One instance's side of the high availability of its stack.
 *
 * @param ha with what is shared in it
 * @param linkPairs at most 32
 * @param declaredCapacityBps what the machine can carry, bit/s, 1–10^13; null if nobody said
 */
public record Side(
        UUID instanceId,
        HaSettings ha,
        List<LinkPair> linkPairs,
        @Nullable Long declaredCapacityBps) {

    public Side {
        linkPairs = List.copyOf(linkPairs);
    }

    /** What an instance is that was never told anything. */
    public static Side untold(UUID instanceId) {
        return new Side(instanceId, HaSettings.DEFAULT, List.of(), null);
    }

    public boolean primary() {
        return ha.primary();
    }

    public Side under(SharedSettings shared) {
        return new Side(instanceId, shared.over(ha), linkPairs, declaredCapacityBps);
    }

    public Side asPrimary(boolean primary) {
        var shared = SharedSettings.of(ha);
        return new Side(instanceId, shared.over(ha, primary, shared.mode()), linkPairs, declaredCapacityBps);
    }
}
