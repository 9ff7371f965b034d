package io.garrison.edge.ha;

import io.garrison.protocol.Availability.DrillResult;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Results of rehearsals that management has not taken yet, at most {@value #CAPACITY}: then the oldest go. May be called
 * from any thread.
 */
final class DrillResults {

    static final int CAPACITY = 20;

    private final ArrayDeque<DrillResult> waiting = new ArrayDeque<>();

    synchronized void add(DrillResult result) {
        if (waiting.size() == CAPACITY) {
            waiting.removeFirst();
        }
        waiting.addLast(result);
    }

    synchronized List<DrillResult> waiting() {
        return List.copyOf(waiting);
    }

    synchronized void taken(Collection<UUID> drills) {
        waiting.removeIf(result -> drills.contains(result.drillId()));
    }
}
