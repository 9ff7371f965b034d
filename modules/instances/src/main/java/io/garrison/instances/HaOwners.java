package io.garrison.instances;

import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.HaSettings.HaMode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Owners of virtual routers who have left the stack, which is no fault of whoever changes something else. */
final class HaOwners {

    private HaOwners() {}

    /** Owners who have left, or are not the primary any more where that one holds all, are not this change's fault. */
    static List<RouterSettings> withoutStale(
            List<RouterSettings> routers, HaStore.Stored before, HaMode mode, List<Side> sides) {
        return routers.stream()
                .map(router -> {
                    var owner = router.owner();
                    boolean stale = owner != null
                            && (hasLeft(owner, before)
                                    || mode == HaMode.ACTIVE_PASSIVE
                                            && sides.stream()
                                                    .filter(Side::primary)
                                                    .noneMatch(side ->
                                                            side.instanceId().equals(owner)));
                    return stale ? router.withoutOwner() : router;
                })
                .toList();
    }

    static boolean hasLeft(@Nullable UUID owner, HaStore.Stored now) {
        return owner != null && !now.members().containsKey(owner);
    }
}
