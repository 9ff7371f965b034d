package io.garrison.edge.cluster.link;

import io.garrison.edge.state.AddressSpace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is let in and who is gone to, and what became of it. Thread-safe. */
final class Admission {

    private static final Logger log = LoggerFactory.getLogger(Admission.class);
    private static final Duration YOUNG = Duration.ofSeconds(10);
    /** A virtual machine that has never done a handshake needs far longer for the first ones. */
    private static final int PATIENT_MS = 1_500;

    private static final int REMEMBERED = 64;
    /** How long a peer that let somebody wait in vain is left alone. */
    private static final Duration HANGS = Duration.ofSeconds(2);

    private final PeerTls tls;
    private final AddressSpace allowed;
    private final int quickMs;
    private final LongSupplier nanos;
    private final long since;
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Set<PeerSocket> open = ConcurrentHashMap.newKeySet();
    private final Map<InetSocketAddress, Long> hanging = new ConcurrentHashMap<>();
    private final Map<InetAddress, String> lastProblems = new ConcurrentHashMap<>();

    /** @param quickMs limit of each read of a handshake once this instance has done some */
    Admission(PeerTls tls, AddressSpace allowed, int quickMs) {
        this(tls, allowed, quickMs, System::nanoTime);
    }

    /** @param nanos a clock that only goes forward */
    Admission(PeerTls tls, AddressSpace allowed, int quickMs, LongSupplier nanos) {
        this.tls = tls;
        this.allowed = allowed;
        this.quickMs = quickMs;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    PeerTls tls() {
        return tls;
    }

    /** A peer that hangs must not keep a sender for long: others would hear nothing meanwhile and suspect each other. */
    int dialTimeoutMs() {
        boolean young = nanos.getAsLong() - since < YOUNG.toNanos() || succeeded.sum() == 0;
        return young ? doorTimeoutMs() : quickMs;
    }

    /** Nobody waits for a handshake that a peer began, and whoever comes anew is on a machine that may be busy. */
    int doorTimeoutMs() {
        return Math.max(PATIENT_MS, quickMs);
    }

    void requireAllowed(InetAddress address) throws IOException {
        if (!allowed.contains(address)) {
            throw new IOException(address.getHostAddress() + " is not in discovery.allowed-address-space, " + allowed);
        }
    }

    /**
     * Fails at once if the peer has just let somebody wait in vain. Otherwise every thread that has something for it would
     * wait in turn, until none is left for the peers that answer.
     */
    void requireResponsive(InetSocketAddress peer) throws IOException {
        var until = hanging.get(peer);
        if (until != null && System.nanoTime() - until < 0) {
            throw new IOException(peer + " hangs");
        }
    }

    void hangs(InetSocketAddress peer) {
        if (hanging.size() >= REMEMBERED) {
            hanging.clear();
        }
        hanging.put(peer, System.nanoTime() + HANGS.toNanos());
    }

    /** There is a connection with a peer now. */
    void opened(PeerSocket socket) {
        succeeded.increment();
        open.add(socket);
    }

    void closed(PeerSocket socket) {
        open.remove(socket);
    }

    /** Closes the connections with whoever is not declared any more; another handshake would fail. */
    void closeUndeclared() {
        for (var socket : open) {
            socket.peer().filter(peer -> !tls.isDeclared(peer)).ifPresent(peer -> {
                log.info("No more connection with instance {}: it has left the plan of the stack", peer);
                try {
                    socket.close();
                } catch (IOException e) {
                    log.debug("Not closed: {}", e.toString());
                }
            });
        }
    }

    /** Connections that did not become one to a peer. */
    long refusals() {
        return refused.sum();
    }

    void failed(InetSocketAddress peer, IOException e) {
        refused.increment();
        if (lastProblems.size() >= REMEMBERED) {
            lastProblems.clear();
        }
        var problem = String.valueOf(e.getMessage());
        if (!problem.equals(lastProblems.put(peer.getAddress(), problem))) {
            log.info("No connection with {}: {}", peer, problem);
        }
    }
}
