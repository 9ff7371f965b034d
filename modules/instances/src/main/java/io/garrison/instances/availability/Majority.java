package io.garrison.instances.availability;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which members of a stack can decide together, as the instances see it themselves (ADR 17). */
public final class Majority {

    private Majority() {}

    /**
     * More than half of the declared members; of two the primary, alone or with the other.
     *
     * @param primary null if no member is
     */
    public static boolean isOf(Set<UUID> members, @Nullable UUID primary, Set<UUID> present) {
        var counted = new HashSet<>(present);
        counted.retainAll(members);
        if (members.size() == 2 && primary != null && members.contains(primary)) {
            return counted.contains(primary);
        }
        return counted.size() > members.size() / 2;
    }
}
