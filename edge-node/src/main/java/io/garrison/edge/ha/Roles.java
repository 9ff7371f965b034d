package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.Notice.Kind;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.VirtualRouter;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How this instance stands in each router. Thread-safe. */
final class Roles {

    private final Clock clock;
    private final Map<String, Role> roles = new LinkedHashMap<>();

    private record Role(Kind kind, Instant since) {}

    Roles(Clock clock) {
        this.clock = clock;
    }

    /** Keeps what is known of routers that stay. */
    synchronized void follow(List<VirtualRouter> routers) {
        var former = Map.copyOf(roles);
        roles.clear();
        for (var router : routers) {
            roles.put(router.name(), former.getOrDefault(router.name(), new Role(Kind.STOPPED, clock.instant())));
        }
    }

    /** @return the former role; nothing if this is none of its routers, or no news */
    synchronized @Nullable Kind change(String router, Kind kind) {
        var former = roles.get(router);
        if (former == null || former.kind() == kind) {
            return null;
        }
        roles.put(router, new Role(kind, clock.instant()));
        return former.kind();
    }

    synchronized boolean isMaster(String router) {
        var role = roles.get(router);
        return role != null && role.kind() == Kind.MASTER;
    }

    synchronized boolean isMasterOfAny() {
        return roles.values().stream().anyMatch(role -> role.kind() == Kind.MASTER);
    }

    synchronized List<RouterState> told() {
        return roles.entrySet().stream()
                .map(role -> new RouterState(
                        role.getKey(),
                        role.getValue().kind().name(),
                        role.getValue().since()))
                .toList();
    }

    /** ACTIVE if it holds anything, STANDBY if it could, FAULT if it could not; ACTIVE as well without any router. */
    synchronized String haRole() {
        if (roles.isEmpty() || isMasterOfAny()) {
            return "ACTIVE";
        }
        boolean standsBy = roles.values().stream().anyMatch(role -> role.kind() == Kind.BACKUP);
        return standsBy ? "STANDBY" : "FAULT";
    }
}
