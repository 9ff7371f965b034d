package io.garrison.edge.cluster;

import io.garrison.edge.cluster.discovery.DiscoveryException;
import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.cluster.discovery.DiscoveryProvider;
import io.garrison.edge.state.AddressSpace;
import io.garrison.edge.state.HostPort;
import io.garrison.protocol.InstancePlan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where peers may be: what was found, the seeds, and the plan's members. Looks belong to one thread. */
final class PeerFinder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PeerFinder.class);

    private final Sources sources;
    private final AddressSpace allowed;
    private final InetSocketAddress self;
    private final Clock clock;
    private volatile Looked looked = Looked.NOT_YET;
    private final Recent lost;
    private long lostBefore;
    private Set<InetSocketAddress> found = Set.of();

    /** @param discovery absent if it is off */
    record Sources(
            @Nullable DiscoveryProvider discovery, List<HostPort> seeds, Supplier<List<InstancePlan.Member>> members) {}

    /**
     * How the last look went.
     *
     * @param at absent before the first
     * @param found addresses, without this instance's own and those that are not allowed
     * @param code stable; absent if it went well
     * @param problem for people
     */
    record Looked(
            @Nullable Instant at,
            int found,
            @Nullable String code,
            @Nullable String problem) {
        static final Looked NOT_YET = new Looked(null, 0, null, null);
    }

    PeerFinder(Sources sources, AddressSpace allowed, InetSocketAddress self, Clock clock) {
        this.sources = sources;
        this.allowed = allowed;
        this.self = self;
        this.clock = clock;
        this.lost = new Recent(clock);
    }

    Looked looked() {
        return looked;
    }

    /** How often the registration of this instance had vanished within {@link Recent#WINDOW}. */
    int lost() {
        return lost.count();
    }

    /** What is known without asking anybody. */
    Set<InetSocketAddress> known() {
        var known = new LinkedHashSet<InetSocketAddress>();
        for (var seed : sources.seeds()) {
            add(known, seed.host(), seed.port());
        }
        for (var member : sources.members().get()) {
            if (member.address() != null) {
                add(known, member.address(), member.port());
            }
        }
        known.addAll(found);
        return known;
    }

    /** Looks once. @return whether that went well; what was found before stays otherwise */
    boolean look() throws InterruptedException {
        var discovery = sources.discovery();
        if (discovery == null) {
            return true;
        }
        try {
            discovery.announce();
            if (discovery.lost() > lostBefore) {
                lostBefore = discovery.lost();
                lost.happened();
            }
            var next = new LinkedHashSet<InetSocketAddress>();
            for (var candidate : discovery.discover()) {
                add(next, candidate);
            }
            if (!next.equals(found)) {
                log.info("Discovered {} peers: {}", next.size(), next);
            }
            found = next;
            looked = new Looked(clock.instant(), next.size(), null, null);
            return true;
        } catch (DiscoveryException e) {
            return failed(e);
        } catch (RuntimeException e) {
            // Whatever an answer from outside does to a provider, the link to peers that are known goes on.
            log.debug("A provider failed", e);
            return failed(new DiscoveryException(Problem.ANSWER_NOT_UNDERSTOOD, "not understood: " + e, e));
        }
    }

    private boolean failed(DiscoveryException e) {
        if (!e.code().equals(looked.code())) {
            log.warn("Discovery failed [{}]: {}", e.code(), e.getMessage());
        }
        looked = new Looked(clock.instant(), found.size(), e.code(), e.getMessage());
        return false;
    }

    @Override
    public void close() {
        var discovery = sources.discovery();
        if (discovery != null) {
            discovery.close();
        }
    }

    private void add(Set<InetSocketAddress> hosts, String host, int port) {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                add(hosts, new InetSocketAddress(address, port));
            }
        } catch (UnknownHostException e) {
            log.debug("No address for {}", host);
        }
    }

    private void add(Set<InetSocketAddress> hosts, InetSocketAddress candidate) {
        if (candidate.equals(self)) {
            return;
        }
        if (!allowed.contains(candidate.getAddress())) {
            log.debug("{} is not in discovery.allowed-address-space", candidate);
            return;
        }
        hosts.add(candidate);
    }
}
