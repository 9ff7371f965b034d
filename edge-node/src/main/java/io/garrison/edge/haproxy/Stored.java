package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.Rendering.RenderedService;
import io.garrison.protocol.Policy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The revision in force. Replacing the file that holds this is what commits a revision.
 *
 * @param names what generated names stand for, those of earlier revisions included while workers of theirs may live
 * @param passing whether it only passes connections on; absent if it does what the policy says
 * @param tables {@link StackLink#mark()} of the link by which it shares tables; absent if it shares none
 */
record Stored(
        long revision,
        @Nullable UUID incarnation,
        @Nullable String policySha256,
        @Nullable String fileSha256,
        boolean draining,
        @Nullable Boolean passing,
        List<RenderedService> services,
        Map<String, String> names,
        @Nullable String tables) {

    static final Stored NONE = new Stored(0, null, null, null, false, null, List.of(), Map.of(), null);

    private static final int MAX_NAMES = 20_000;

    Stored {
        services = List.copyOf(services);
        names = Map.copyOf(names);
    }

    Stored withDraining(boolean on) {
        return new Stored(revision, incarnation, policySha256, fileSha256, on, passing, services, names, tables);
    }

    boolean passes() {
        return Boolean.TRUE.equals(passing);
    }

    /** The names of this policy, and the former ones as long as they are not too many. */
    static Map<String, String> names(Policy policy, Map<String, String> former) {
        var names = new HashMap<String, String>();
        for (var service : policy.virtualServices()) {
            names.put(Names.frontend(service.name()).name(), service.name());
            var pools = new LinkedHashSet<String>();
            pools.add(service.pool());
            service.routes().forEach(route -> pools.add(route.pool()));
            pools.forEach(pool -> names.put(Names.backend(service.name(), pool).name(), pool));
        }
        for (var pool : policy.pools()) {
            for (var member : pool.members()) {
                var endpoint = new Token.Endpoint(Ip.parse(member.address()), member.port());
                var host = endpoint.ip().isV6()
                        ? "[" + endpoint.ip().text() + "]"
                        : endpoint.ip().text();
                names.put(Names.server(endpoint).name(), host + ":" + member.port());
            }
        }
        if (names.size() + former.size() <= MAX_NAMES) {
            former.forEach(names::putIfAbsent);
        }
        return names;
    }
}
