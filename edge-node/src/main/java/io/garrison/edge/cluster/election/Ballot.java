package io.garrison.edge.cluster.election;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a member must not forget: otherwise it could vote twice in one term.
 *
 * @param term the highest that it knows; 0 before any
 * @param vote whom it has voted for in that term; absent if for nobody
 */
public record Ballot(long term, @Nullable UUID vote) {

    public static final Ballot NONE = new Ballot(0, null);

    public Ballot {
        if (term < 0) {
            throw new IllegalArgumentException("no term is " + term);
        }
    }
}
