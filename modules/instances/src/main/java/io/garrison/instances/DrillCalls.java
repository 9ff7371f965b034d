package io.garrison.instances;

import io.garrison.instances.Drills.DrillSummary;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Drill;
import io.garrison.protocol.SyncState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells two instances of a rehearsal shortly before it begins, if the stack is whole then as it was when it was asked for.
 * Once the first is told the other is told too. Works in the caller's transaction.
 */
@Component
class DrillCalls {

    /** More instances than any stack has that decides anything together. */
    private static final int MOST = 500;

    private final DrillRows drills;
    private final Instances instances;
    private final AvailabilityRows rows;

    DrillCalls(DrillRows drills, Instances instances, AvailabilityRows rows) {
        this.drills = drills;
        this.instances = instances;
        this.rows = rows;
    }

    /** What the instance is told of now. */
    Optional<Drill> next(EdgeIdentity of, Instant now) {
        return drills.open(of, now).filter(drill -> mayBegin(of.stackId(), drill.id(), now));
    }

    private boolean mayBegin(StackId stack, UUID id, Instant now) {
        var row = drills.lock(stack, id).orElse(null);
        if (row == null || row.drill().problem() != null) {
            return false; // taken back, or refused, in this moment
        }
        if (row.isTold()) {
            return true;
        }
        var problem = obstacle(stack, row.drill());
        if (problem.isPresent()) {
            drills.refuse(id, problem.get());
            return false;
        }
        drills.told(id, now);
        return true;
    }

    private Optional<String> obstacle(StackId stack, DrillSummary drill) {
        var told = rows.told(stack);
        boolean whole = instances.summaries(stack, null, MOST).stream()
                .filter(instance -> instance.lifecycleState().mayDialIn())
                .allMatch(instance -> isWell(instance, told.get(instance.id().value())));
        if (!whole) {
            return Optional.of("It was not begun: when it was due, not all instances were healthy and in sync.");
        }
        return stands(told, drill.yielder(), drill.router(), "MASTER")
                        && stands(told, drill.prober(), drill.router(), "BACKUP")
                ? Optional.empty()
                : Optional.of("It was not begun: when it was due, the router was held by another instance.");
    }

    private static boolean isWell(InstanceSummary instance, AvailabilityRows.@Nullable Told told) {
        return told != null
                && instance.syncState() == SyncState.IN_SYNC
                && ClusterStatusMaker.status(instance, told.availability()).equals("healthy");
    }

    private static boolean stands(
            Map<UUID, AvailabilityRows.Told> told, InstanceId instance, String router, String state) {
        return Optional.ofNullable(told.get(instance.value()))
                .map(AvailabilityRows.Told::availability)
                .map(Availability::routers)
                .filter(routers -> routers.stream()
                        .anyMatch(each ->
                                each.name().equals(router) && each.state().equals(state)))
                .isPresent();
    }
}
