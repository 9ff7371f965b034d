package io.garrison.instances;

import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.Refusal.FieldError;
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

    /** Who had no owner any more may stay so: what was read can be written. A warning tells of it. */
    static boolean lackedBefore(FieldError error, HaStore.Stored before, StackSettings after) {
        var routers = after.routers();
        for (int at = 0; at < routers.size(); at++) {
            var router = routers.get(at);
            if (router.owner() == null && error.field().equals("/routers/" + at + "/owner")) {
                return before.settings().trafficMode() == after.trafficMode()
                        && before.settings().routers().stream()
                                .anyMatch(old -> old.name().equals(router.name())
                                        && (old.owner() == null || hasLeft(old.owner(), before)));
            }
        }
        return false;
    }

    static boolean hasLeft(@Nullable UUID owner, HaStore.Stored now) {
        return owner != null && !now.members().containsKey(owner);
    }
}
