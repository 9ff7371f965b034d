package io.garrison.instances.availability;

import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.Policy;
import io.garrison.protocol.VirtualRouter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of one instance out of its stack's settings and members. The same for the same, whoever asks and
 * whenever, apart from the number and the time.
 */
public final class Planning {

    /** Never 255, which is for who owns an address by itself and can't be lowered (RFC 5798, 5.2.4). */
    static final int OWNERS_PRIORITY = 150;

    private static final int NEXT_PRIORITY = 100;

    /** An owner that hands over goes down by 100, and must then be below everybody. */
    private static final int LEAST_PRIORITY = 51;

    private Planning() {}

    /**
     * An instance of the stack.
     *
     * @param address where its peers reach it; null until it has said
     */
    public record Peer(
            UUID instanceId, String name, @Nullable String address) {}

    /** What the plan says beside what it is about. */
    public record Stamp(long number, UUID tenantId, UUID stackId, UUID instanceId, Instant issuedAt) {}

    /**
     * @param policy what the instances serve; of use in the traffic mode MIXED
     * @param peers all instances of the stack that are neither retired nor quarantined, the one itself included
     */
    public static InstancePlan plan(Stamp stamp, StackSettings settings, Policy policy, List<Peer> peers) {
        var ordered =
                peers.stream().sorted(Comparator.comparing(Peer::instanceId)).toList();
        var ids = ordered.stream().map(Peer::instanceId).toList();
        var shared = settings.shared();
        var self = settings.side(stamp.instanceId()).orElseGet(() -> Side.untold(stamp.instanceId()));
        var mode = StackLabel.mode(shared.mode(), ids.size());
        return new InstancePlan(
                InstancePlan.VERSION,
                stamp.number(),
                stamp.tenantId(),
                stamp.stackId(),
                stamp.instanceId(),
                stamp.issuedAt(),
                shared.over(self.ha(), self.primary(), mode),
                routers(settings, policy, ids, stamp.instanceId()),
                self.linkPairs(),
                ordered.stream().map(peer -> member(peer, settings)).toList());
    }

    private static Member member(Peer peer, StackSettings settings) {
        boolean primary = settings.side(peer.instanceId()).map(Side::primary).orElse(false);
        return new Member(
                peer.instanceId(),
                peer.name(),
                peer.address(),
                settings.shared().port(),
                primary);
    }

    private static List<VirtualRouter> routers(StackSettings settings, Policy policy, List<UUID> members, UUID self) {
        if (settings.shared().mode() == HaMode.NONE || !members.contains(self)) {
            return List.of();
        }
        var modes = Placement.of(settings, policy).modes();
        var routers = new ArrayList<VirtualRouter>();
        for (int at = 0; at < settings.routers().size(); at++) {
            var router = settings.routers().get(at);
            var owner = owner(settings, modes, members, at);
            routers.add(new VirtualRouter(
                    router.name(),
                    router.id(),
                    router.device(),
                    router.addresses(),
                    priority(members, owner, self),
                    // Without it a backup would not take over from an owner that lowers itself to hand over.
                    true,
                    router.version(),
                    router.password(),
                    router.gratuitousArpRepeat(),
                    router.gratuitousArpRefreshSeconds()));
        }
        return routers;
    }

    /**
     * Who is named, if it is still there; else the primary where one holds, and everybody in turn where all share the
     * load. Where both are mixed the turn begins after the primary, which has its own already.
     *
     * @param modes of all routers
     * @param members by id
     */
    static UUID owner(StackSettings settings, List<ServiceMode> modes, List<UUID> members, int at) {
        var named = settings.routers().get(at).owner();
        if (named != null && members.contains(named)) {
            return named;
        }
        var holder = settings.primary().filter(members::contains).orElse(members.getFirst());
        return switch (settings.trafficMode()) {
            case ACTIVE_PASSIVE -> holder;
            case ACTIVE_ACTIVE -> members.get(at % members.size());
            case MIXED ->
                switch (modes.get(at)) {
                    case ACTIVE_PASSIVE -> holder;
                    case ACTIVE_ACTIVE -> members.get((members.indexOf(holder) + 1 + turn(modes, at)) % members.size());
                };
        };
    }

    private static int turn(List<ServiceMode> modes, int at) {
        return (int) modes.subList(0, at).stream()
                .filter(mode -> mode == ServiceMode.ACTIVE_ACTIVE)
                .count();
    }

    /**
     * Whoever comes after the owner, by id and round, is next: so the load of one that fails is spread too. Between standbys
     * there is as much as can be: a standby waits a 256th of the interval longer for each one that it is lower (RFC 5798, 6.1),
     * and two that stop waiting at once both take over before one of them gives way.
     */
    static int priority(List<UUID> members, UUID owner, UUID self) {
        int after = Math.floorMod(members.indexOf(self) - members.indexOf(owner), members.size());
        int step = Math.max(1, (NEXT_PRIORITY - LEAST_PRIORITY) / Math.max(1, members.size() - 2));
        return after == 0 ? OWNERS_PRIORITY : Math.max(LEAST_PRIORITY, NEXT_PRIORITY - step * (after - 1));
    }
}
