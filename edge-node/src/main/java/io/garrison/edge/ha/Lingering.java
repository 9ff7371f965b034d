package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.Notice.Kind;
import io.garrison.edge.ha.kernel.OpenConnections;
import io.garrison.edge.haproxy.ClosingConnections;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.VirtualRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections end by themselves that were open when an address moved by plan. Belongs to the thread of the shared
 * addresses. What fails is only said: connections break then, as they do in a failure.
 */
final class Lingering {

    private static final Logger log = LoggerFactory.getLogger(Lingering.class);

    private static final long LOOK_MS = 5_000;

    private final HaThread thread;
    private final HaFiles files;
    private final Watched watched;
    private final ClosingConnections closing;
    private final Map<String, Long> leftUntil = new HashMap<>();
    private @Nullable OpenConnections connections;
    private @Nullable Set<InetAddress> taken;
    private Set<String> closed = Set.of();
    private @Nullable Set<String> givenUp;
    private boolean measuring;
    private long lookedAt;

    Lingering(HaThread thread, HaFiles files, Watched watched, ClosingConnections closing) {
        this.thread = thread;
        this.files = files;
        this.watched = watched;
        this.closing = closing;
        watched.steering().before(this::giveUp);
    }

    /** A plan is in force. */
    void follow(InstancePlan plan) {
        if (!OpenConnections.isPossible()) {
            return;
        }
        guarded(() -> {
            var own = connections;
            if (own == null) {
                // An agent that ends now finds by it what it has to take back.
                Files.write(files.connections(), new byte[0]);
                own = new OpenConnections(plan.instanceId(), files.arp());
                closing.at(Set.of());
                connections = own;
            }
            own.follow(plan);
        });
        taken = null;
        givenUp = null;
        giveUp(plan);
        tend();
    }

    /** Once a second: looks every few seconds whether the kernel still has what it was told. */
    void look(long now) {
        var own = connections;
        var plan = watched.plan();
        if (own == null || plan == null || now - lookedAt < LOOK_MS) {
            return;
        }
        lookedAt = now;
        guarded(() -> {
            if (own.restore()) {
                log.warn("Somebody has taken the rules for open connections away; they are made again");
                givenUp = null;
                giveUp(plan);
            }
        });
    }

    private void giveUp() {
        var plan = watched.plan();
        if (plan != null) {
            giveUp(plan);
        }
    }

    private void giveUp(InstancePlan plan) {
        var own = connections;
        var routers = plan.routers().stream()
                .map(VirtualRouter::name)
                .filter(watched.steering()::yields)
                .collect(Collectors.toSet());
        if (own != null && !routers.equals(givenUp)) {
            guarded(() -> {
                own.givingUp(routers);
                givenUp = routers;
            });
        }
    }

    /** keepalived has said so. */
    void changed(String router, Kind former, Kind kind) {
        var own = connections;
        if (own != null && kind == Kind.MASTER) {
            leftUntil.remove(router);
            guarded(() -> own.took(router));
        } else if (former == Kind.MASTER) {
            leftUntil.put(router, thread.now() + OpenConnections.LONGEST.toMillis());
            thread.later(OpenConnections.LONGEST.toMillis() + 1, this::tend);
        }
        tend();
        var plan = watched.plan();
        if (own != null && plan != null && former == Kind.MASTER) {
            guarded(() -> own.left(addresses(plan, one -> true)));
        }
    }

    /** @param on whether this instance asks for addresses that it does not hold, and must not be answered by itself */
    void measure(boolean on) {
        measuring = on;
        tend();
    }

    private void tend() {
        var plan = watched.plan();
        var own = connections;
        if (plan == null || own == null) {
            return;
        }
        var wanted = addresses(plan, router -> isHeld(router) || !measuring && isLeft(router));
        if (!wanted.equals(taken)) {
            guarded(() -> {
                own.take(wanted);
                taken = wanted;
            });
        }
        close(addresses(plan, router -> !isHeld(router) && isLeft(router)));
    }

    private void close(Set<InetAddress> addresses) {
        var literals = addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.toSet());
        if (!literals.equals(closed)) {
            closed = literals;
            closing.at(literals);
        }
    }

    private static Set<InetAddress> addresses(InstancePlan plan, Predicate<VirtualRouter> which) {
        return plan.routers().stream()
                .filter(which)
                .flatMap(router -> router.addresses().stream())
                .map(address -> InetAddress.ofLiteral(address.address()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isHeld(VirtualRouter router) {
        return watched.roles().isMaster(router.name());
    }

    private boolean isLeft(VirtualRouter router) {
        return thread.now() <= leftUntil.getOrDefault(router.name(), Long.MIN_VALUE);
    }

    /** No plan moves addresses any more. @param plan that says so */
    void end(InstancePlan plan) {
        if (connections == null && !Files.exists(files.connections())) {
            return;
        }
        var own = connections == null ? new OpenConnections(plan.instanceId(), files.arp()) : connections;
        guarded(() -> {
            own.end();
            Files.deleteIfExists(files.connections());
        });
        connections = null;
        taken = null;
        leftUntil.clear();
        close(Set.of());
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            log.warn("Connections may break when addresses move: {}", e.toString());
        }
    }

    private interface Work {
        void run() throws IOException;
    }
}
