package io.garrison.instances;

import io.garrison.instances.InstanceException.EdgeMessageRefused;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.MemberState;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.Drill;
import io.garrison.protocol.Report;
import io.garrison.protocol.SignedBundle;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The part of a heartbeat that is about the stack: what the instance tells is kept, and it is told its plan. */
@Component
class AvailabilityTalk {

    private static final int MOST = 100;

    /** An address or a host name. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:-]{1,253}");

    private final AvailabilityRows rows;
    private final InstanceEvents events;
    private final Planner planner;
    private final DrillRows drills;
    private final Clock clock;

    AvailabilityTalk(AvailabilityRows rows, InstanceEvents events, Planner planner, DrillRows drills, Clock clock) {
        this.rows = rows;
        this.events = events;
        this.planner = planner;
        this.drills = drills;
        this.clock = clock;
    }

    /** @param eventsTaken null for an agent that knows of no stack */
    record Answer(
            @Nullable SignedBundle plan,
            @Nullable Long eventsTaken,
            @Nullable Drill drill) {
        static final Answer NONE = new Answer(null, null, null);
    }

    @Transactional
    public Answer answer(EdgeIdentity from, Report report) {
        var told = report.availability();
        if (told == null) {
            return Answer.NONE;
        }
        requireBounds(told);
        var now = clock.instant();
        var row = rows.lock(from);
        if (!row.isNewerThan(report.bootId(), report.sequence())) {
            rows.report(from.instanceId(), address(told), shown(told), report.bootId(), report.sequence(), now);
        }
        long taken = events.take(from, told.events(), now);
        told.drills().forEach(result -> drills.take(from, result));
        return new Answer(
                planner.newer(from, row, told.planNumber(), now),
                taken,
                drills.open(from, now).orElse(null));
    }

    private static void requireBounds(Availability told) {
        var cluster = told.cluster();
        if (told.routers().size() > MOST
                || told.faults().size() > MOST
                || told.drills().size() > MOST
                || cluster != null && cluster.members().size() > MOST) {
            throw new EdgeMessageRefused(
                    "report.too-large",
                    "A report names at most %d routers, faults, rehearsals and members.".formatted(MOST));
        }
    }

    private static @Nullable String address(Availability told) {
        var address = told.address();
        return address != null && ADDRESS.matcher(address).matches() ? address : null;
    }

    /** Without what is kept elsewhere, and safe to show. */
    private static Availability shown(Availability told) {
        return new Availability(
                told.planNumber(),
                Told.textOrNull(told.planError(), 500),
                address(told),
                told.routers().stream().map(AvailabilityTalk::shown).toList(),
                Told.textOrNull(told.bypass(), 500),
                told.flaps(),
                told.activeLinkPairs(),
                told.faults().stream().map(AvailabilityTalk::shown).toList(),
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
                told.members().stream().map(AvailabilityTalk::shown).toList(),
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
                told.lastSeen());
    }
}
