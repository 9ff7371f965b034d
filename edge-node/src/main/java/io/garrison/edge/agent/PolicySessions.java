package io.garrison.edge.agent;

import io.garrison.edge.ha.Sessions;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.haproxy.SharedTables;
import io.garrison.edge.haproxy.SharedTables.Persistent;
import io.garrison.protocol.Persistence;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Route;
import io.garrison.protocol.VirtualService;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The sessions of the policy that serves, as HAProxy has them.
 *
 * @param passes whether HAProxy only passes connections on, and keeps nobody anywhere
 */
record PolicySessions(Supplier<Policy> policy, ListenAddresses addresses, BooleanSupplier passes, Tables tables)
        implements Sessions {

    /** See {@link SharedTables#persistent}. */
    interface Tables {
        void read(String service, String pool, Persistent each) throws IOException;
    }

    @Override
    public boolean read(Set<InetAddress> shared, Persistent each) throws IOException {
        if (passes.getAsBoolean()) {
            return false;
        }
        boolean any = false;
        for (var service : policy.get().virtualServices()) {
            if (service.enabled() && isKeptByAddress(service) && isOn(service, shared)) {
                any = true;
                for (var pool : pools(service)) {
                    tables.read(service.name(), pool, each);
                }
            }
        }
        return any;
    }

    private static boolean isKeptByAddress(VirtualService service) {
        var persistence = service.persistence();
        return persistence != null && persistence.type() == Persistence.Type.SOURCE;
    }

    /** A service on a wildcard address is on all of its kind. */
    private boolean isOn(VirtualService service, Set<InetAddress> shared) {
        var own = InetAddress.ofLiteral(addresses.of(service.address()));
        return shared.stream()
                .anyMatch(one -> one.equals(own) || own.isAnyLocalAddress() && one.getClass() == own.getClass());
    }

    private static Set<String> pools(VirtualService service) {
        var pools = new TreeSet<>(Set.of(service.pool()));
        service.routes().stream().map(Route::pool).forEach(pools::add);
        return pools;
    }
}
