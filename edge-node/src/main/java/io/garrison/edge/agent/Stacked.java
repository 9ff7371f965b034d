package io.garrison.edge.agent;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.Drill;
import io.garrison.protocol.ReportAnswer;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance as one of its stack: what it says of that, and what management tells it to do.
 *
 * @param address where peers reach it, if that is known
 */
record Stacked(
        PlanKeeper plans,
        EventJournal events,
        Supplier<@Nullable String> address,
        Supplier<Shared> shared,
        Supplier<@Nullable ClusterState> cluster,
        Rehearsals rehearsals) {

    private static final Logger log = LoggerFactory.getLogger(Stacked.class);

    /** Whoever takes part in rehearsed failovers. */
    interface Rehearsals {

        /** Told with each answer until the result is taken. */
        void rehearse(Drill drill);

        void drillsTaken(List<UUID> drills);
    }

    /**
     * How the instance stands to the shared addresses.
     *
     * @param haRole ACTIVE, STANDBY or FAULT
     * @param planError why the newest plan is not in force; null if it is
     */
    record Shared(
            String haRole,
            @Nullable String planError,
            List<RouterState> routers,
            @Nullable String bypass,
            int flaps,
            @Nullable Integer activeLinkPairs,
            List<Fault> faults,
            List<DrillResult> drills) {

        /** Of an instance without any. */
        static final Shared NONE = new Shared("ACTIVE", null, List.of(), null, 0, null, List.of(), List.of());
    }

    Availability told() {
        var state = shared.get();
        return new Availability(
                plans.number(),
                plans.refused().orElse(state.planError()),
                address.get(),
                state.routers(),
                state.bypass(),
                state.flaps(),
                state.activeLinkPairs(),
                state.faults(),
                cluster.get(),
                events.waiting(),
                state.drills());
    }

    String haRole() {
        return shared.get().haRole();
    }

    void answered(ReportAnswer answer) {
        if (answer.drillsTaken() != null) {
            rehearsals.drillsTaken(answer.drillsTaken());
        }
        if (answer.drill() != null) {
            rehearsals.rehearse(answer.drill());
        }
        if (answer.eventsTaken() != null) {
            events.taken(answer.eventsTaken());
        }
        if (answer.plan() != null) {
            try {
                plans.offer(answer.plan());
            } catch (IOException e) {
                log.warn("A plan does not reach the disk: {}", e.toString());
            }
        }
    }
}
