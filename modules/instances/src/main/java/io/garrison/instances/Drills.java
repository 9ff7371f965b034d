package io.garrison.instances;

import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill.Kind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rehearsed failovers of the bound tenant's stacks. The newest {@value #KEPT} of each stack are kept. */
public interface Drills {

    int KEPT = 200;

    /**
     * Has the holder of a router give its addresses up for a while, and a backup measure what clients notice.
     *
     * @throws InstanceException.NotFound if the bound tenant has no such stack
     * @throws HaException.Invalid if a value is out of its range, or consent is missing
     * @throws HaException.DrillRefused if the stack is not whole, or another rehearsal is open
     */
    DrillSummary rehearse(StackId stack, DrillWish wish);

    /**
     * Takes back one of which no instance has been told.
     *
     * @throws InstanceException.NotFound if the bound tenant has no such stack, or that no such rehearsal
     * @throws HaException.DrillRefused if it is too late for that
     */
    void cancel(StackId stack, UUID drill);

    /**
     * The newest first.
     *
     * @param after when the last one that was seen began; null to begin
     * @param limit at most 501
     * @throws InstanceException.NotFound if the bound tenant has no such stack
     */
    List<DrillSummary> of(StackId stack, @Nullable UUID after, int limit);

    /**
     * @param router name of a virtual router of the stack
     * @param at from two heartbeats to 30 days ahead; null for as soon as both instances can have heard of it
     * @param holdSeconds 1–300
     * @param consent whether the caller knows that this breaks connections
     * @param reason 1–200 characters
     */
    record DrillWish(String router, Kind kind, @Nullable Instant at, int holdSeconds, boolean consent, String reason) {}

    /**
     * @param yielded what the instance tells that gave the addresses up
     * @param probed what the instance tells that measured
     * @param problem why it was not begun; null if it was, or is to come
     * @param cancellable whether no instance has been told of it yet
     */
    record DrillSummary(
            UUID id,
            String router,
            Kind kind,
            State state,
            Instant startsAt,
            int holdSeconds,
            String reason,
            InstanceId yielder,
            InstanceId prober,
            Instant askedAt,
            String askedBy,
            @Nullable DrillResult yielded,
            @Nullable DrillResult probed,
            @Nullable String problem,
            boolean cancellable) {}

    enum State {
        /** Has not begun. */
        PLANNED,
        /** Has begun, and not both have told of it. */
        RUNNING,
        /** Both have told of it, and nothing went wrong. */
        DONE,
        /** Somebody has told what went wrong. */
        FAILED,
        /** Somebody never told. */
        UNANSWERED
    }
}
