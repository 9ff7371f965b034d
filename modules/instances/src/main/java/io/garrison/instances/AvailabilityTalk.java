package io.garrison.instances;

import io.garrison.instances.policy.Address;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.MemberState;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.Drill;
import io.garrison.protocol.Report;
import io.garrison.protocol.SignedBundle;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The part of a heartbeat that is about the stack: what the instance tells is kept, and it is told its plan. */
@Component
class AvailabilityTalk {

    /** What is told beyond this is left out. */
    private static final int MOST = 100;

    /** An address or a host name. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:-]{1,253}");

    private static final String BROADCAST = "255.255.255.255";

    private final AvailabilityRows rows;
    private final Heartbeats heartbeats;
    private final InstanceEvents events;
    private final Planner planner;
    private final DrillRows drills;
    private final DrillCalls calls;
    private final Clock clock;

    AvailabilityTalk(
            AvailabilityRows rows,
            Heartbeats heartbeats,
            InstanceEvents events,
            Planner planner,
            DrillRows drills,
            DrillCalls calls,
            Clock clock) {
        this.rows = rows;
        this.heartbeats = heartbeats;
        this.events = events;
        this.planner = planner;
        this.drills = drills;
        this.calls = calls;
        this.clock = clock;
    }

    /** @param eventsTaken null, as {@code drillsTaken}, for an agent that knows of no stack */
    record Answer(
            @Nullable SignedBundle plan,
            @Nullable Long eventsTaken,
            @Nullable Drill drill,
            @Nullable List<UUID> drillsTaken) {
        static final Answer NONE = new Answer(null, null, null, null);
    }

    @Transactional
    public Answer answer(EdgeIdentity from, Report report) {
        var told = report.availability();
        if (told == null) {
            return Answer.NONE;
        }
        requireComplete(told);
        var now = clock.instant();
        var row = rows.lock(from, now);
        boolean news = heartbeats.takeOfStack(from.instanceId(), report, told.cluster(), now)
                && rows.report(from.instanceId(), row, reachable(told.address()), shown(told));
        long taken = events.take(from, told.events(), now);
        var results = told.drills().stream().limit(MOST).toList();
        results.forEach(result -> drills.take(from, result));
        return new Answer(
                planner.newer(from, row, told.planNumber(), news, now),
                taken,
                row.isDrillNear() ? calls.next(from, now).orElse(null) : null,
                results.stream().map(DrillResult::drillId).toList());
    }

    /** @throws IllegalArgumentException if something that is needed is absent */
    private static void requireComplete(Availability told) {
        told.routers().forEach(router -> require(router.name(), router.state()));
        told.faults().forEach(fault -> require(fault.code(), fault.message(), fault.since()));
        told.events()
                .forEach(event -> require(event.bootId(), event.at(), event.code(), event.severity(), event.message()));
        told.drills().forEach(drill -> require(drill.drillId(), drill.role(), drill.startedAt()));
        var cluster = told.cluster();
        if (cluster != null) {
            require(cluster.nodeId(), cluster.role());
            cluster.members().forEach(member -> require(member.nodeId(), member.role(), member.status()));
        }
    }

    private static void require(@Nullable Object... parts) {
        for (var part : parts) {
            if (part == null) {
                throw new IllegalArgumentException("the part about the stack is not complete");
            }
        }
    }

    /** What peers are told of it: adverts go to an address of a machine, and to no name. */
    static @Nullable String reachable(@Nullable String told) {
        return Address.parse(told)
                .filter(address -> !address.isLoopback()
                        && !address.isUnspecified()
                        && !address.value().isMulticastAddress()
                        && !address.toString().equals(BROADCAST))
                .map(address -> told)
                .orElse(null);
    }

    private static @Nullable String shownAddress(@Nullable String told) {
        boolean name = told != null
                && ADDRESS.matcher(told).matches()
                && Address.parse(told).isEmpty();
        return name ? told : reachable(told);
    }

    /** Without what is kept elsewhere, and safe to show. */
    private static Availability shown(Availability told) {
        return new Availability(
                told.planNumber(),
                Told.textOrNull(told.planError(), 500),
                shownAddress(told.address()),
                told.routers().stream().limit(MOST).map(AvailabilityTalk::shown).toList(),
                Told.textOrNull(told.bypass(), 500),
                told.flaps(),
                told.activeLinkPairs(),
                told.faults().stream().limit(MOST).map(AvailabilityTalk::shown).toList(),
                told.cluster() == null ? null : shown(told.cluster()),
                List.of(),
                List.of());
    }

    private static RouterState shown(RouterState told) {
        return new RouterState(Told.text(told.name(), 32), Told.text(told.state(), 16), told.since());
    }

    private static Fault shown(Fault told) {
        return new Fault(Told.text(told.code(), 64), Told.text(told.message(), 500), told.since());
    }

    private static ClusterState shown(ClusterState told) {
        return new ClusterState(
                told.nodeId(),
                Told.text(told.role(), 16),
                told.term(),
                told.main(),
                told.healthy(),
                told.members().stream().limit(MOST).map(AvailabilityTalk::shown).toList(),
                told.splits(),
                told.auxExchangedAt(),
                told.auxConvergenceP95Ms());
    }

    private static MemberState shown(MemberState told) {
        return new MemberState(
                told.nodeId(),
                Told.textOrNull(told.name(), 63),
                Told.textOrNull(told.address(), 253),
                Told.text(told.role(), 16),
                Told.text(told.status(), 16),
                told.revision(),
                null); // nobody asks for it here, and it is another one each time
    }
}
