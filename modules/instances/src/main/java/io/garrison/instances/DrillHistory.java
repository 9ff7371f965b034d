package io.garrison.instances;

import io.garrison.instances.Drills.DrillSummary;
import java.time.Instant;
import java.util.List;

/**
 * What rehearsed failovers of the bound tenant's stacks took, for reports, which are made when nobody is signed in any more.
 * Checks no permission.
 */
public interface DrillHistory {

    int MOST = 2_000;

    /**
     * Of all stacks, by the time when they began; without those that are to come. Of more than {@value #MOST} the newest.
     *
     * @param to not included
     */
    List<Entry> between(Instant from, Instant to);

    /** @param stack its name */
    record Entry(String stack, DrillSummary drill) {}
}
