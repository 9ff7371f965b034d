package io.garrison.instances.availability;

import io.garrison.instances.TrafficMode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * High availability of a stack, all of it.
 *
 * @param sides of instances that are neither retired nor quarantined, by id, each with what is shared in it
 * @param routers in the order in which people have put them
 * @param mixed how virtual services are served in the traffic mode MIXED
 */
public record StackSettings(
        TrafficMode trafficMode,
        SharedSettings shared,
        List<Side> sides,
        List<RouterSettings> routers,
        MixedModes mixed) {

    public StackSettings {
        sides = List.copyOf(sides);
        routers = List.copyOf(routers);
    }

    /** With services served by their type where modes are mixed. */
    public StackSettings(
            TrafficMode trafficMode, SharedSettings shared, List<Side> sides, List<RouterSettings> routers) {
        this(trafficMode, shared, sides, routers, MixedModes.DEFAULT);
    }

    public StackSettings withRouters(List<RouterSettings> others) {
        return new StackSettings(trafficMode, shared, sides, others, mixed);
    }

    public Optional<Side> side(UUID instance) {
        return sides.stream().filter(side -> side.instanceId().equals(instance)).findFirst();
    }

    public Optional<UUID> primary() {
        return sides.stream().filter(Side::primary).map(Side::instanceId).findFirst();
    }

    public StackLabel label() {
        return StackLabel.of(shared.mode(), sides.size());
    }
}
