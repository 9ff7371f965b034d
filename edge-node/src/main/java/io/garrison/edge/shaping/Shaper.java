package io.garrison.edge.shaping;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.ThroughputShare;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the share that management told last, on the disk first, and the kernel to it. Without management the last share
 * holds. {@link #tend} belongs to one thread, the others may be called from any.
 */
public final class Shaper {

    private static final Logger log = LoggerFactory.getLogger(Shaper.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long FREE_RETRY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Path file;
    private final Limiter limiter;
    private final Supplier<List<Endpoint>> endpoints;
    private final Runnable changed;
    private volatile @Nullable ThroughputShare wanted;
    private volatile State state = State.NOTHING;
    private @Nullable Attempt failed;
    private boolean removed;

    /**
     * @param inForce the newest share that is in force: no older one is
     * @param limiting whether the kernel holds every virtual service to it
     * @param reason why it does not, if there is something to be limited
     */
    public record State(
            ThroughputShare inForce,
            boolean limiting,
            @Nullable String reason) {
        static final State NOTHING = new State(new ThroughputShare(0, null), false, null);
    }

    private record Attempt(ThroughputShare share, List<Endpoint> endpoints, long nanos) {}

    /**
     * @param file where the share is kept
     * @param endpoints the virtual services that serve now
     * @param changed told when another share is in force
     */
    public Shaper(Path file, Limiter limiter, Supplier<List<Endpoint>> endpoints, Runnable changed) {
        this.file = file;
        this.limiter = limiter;
        this.endpoints = endpoints;
        this.changed = changed;
        this.wanted = read(file).orElse(null);
    }

    public State state() {
        return state;
    }

    /**
     * Takes another share, to be put in force by the next {@link #tend}.
     *
     * @throws IOException if it does not reach the disk; then the former one holds, and management tells it again
     */
    public synchronized void take(ThroughputShare share) throws IOException {
        if (!share.equals(wanted)) {
            DurableFiles.replace(file, ProtocolJson.write(share));
            wanted = share;
        }
    }

    /** Puts the share in force, and sees that it stays so; called every second or so. Whatever fails is in the state. */
    public void tend() {
        var share = wanted;
        if (share == null) {
            return;
        }
        var before = state;
        var bps = share.bps();
        try {
            if (bps == null) {
                free(share);
            } else {
                limit(share, bps, endpoints.get());
            }
        } catch (RuntimeException e) {
            state = new State(share, false, e.toString());
        }
        var now = state;
        if (now.limiting() != before.limiting() || !Objects.equals(now.reason(), before.reason())) {
            if (now.reason() != null) {
                log.warn("Throughput is not limited here: {}", now.reason());
            } else if (now.limiting()) {
                log.info("Throughput is limited by the kernel");
            }
        }
        if (!now.inForce().equals(before.inForce())) {
            changed.run();
        }
    }

    /** Who passes less than it may breaks no promise, so the share is in force while this is tried on. */
    private void free(ThroughputShare share) {
        if (!removed && !isInVain(share, List.of(), FREE_RETRY_NANOS)) {
            try {
                limiter.remove();
                removed = true;
                failed = null;
            } catch (IOException | RuntimeException e) {
                log.debug("The limit can't be taken away: {}; trying on", e.toString());
                failed = new Attempt(share, List.of(), System.nanoTime());
            }
        }
        state = new State(share, false, null);
    }

    private boolean isInVain(ThroughputShare share, List<Endpoint> now, long pause) {
        var last = failed;
        return last != null
                && last.share().equals(share)
                && last.endpoints().equals(now)
                && System.nanoTime() - last.nanos() < pause;
    }

    private void limit(ThroughputShare share, long bps, List<Endpoint> now) {
        if (isInVain(share, now, RETRY_NANOS)) {
            return;
        }
        removed = false;
        try {
            limiter.limit(bps, now);
            failed = null;
            var beyond = now.stream().filter(Shaper::isLoopback).findFirst();
            state = beyond.isEmpty()
                    ? new State(share, true, null)
                    : new State(
                            share,
                            false,
                            "The service %s listens on a loopback address, which clients of other machines do not reach."
                                    .formatted(beyond.get().service()));
        } catch (IOException | RuntimeException e) {
            giveWay();
            failed = new Attempt(share, now, System.nanoTime());
            state = new State(share, false, String.valueOf(e.getMessage()));
        }
    }

    /** Half a limit may hold up everything, and no traffic stops because it can't be limited. */
    private void giveWay() {
        try {
            limiter.remove();
        } catch (IOException | RuntimeException e) {
            log.debug("What was tried can't be taken away: {}", e.toString());
        }
    }

    private static boolean isLoopback(Endpoint endpoint) {
        return InetAddress.ofLiteral(endpoint.address()).isLoopbackAddress();
    }

    private static Optional<ThroughputShare> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(ProtocolJson.read(Files.readAllBytes(file), ThroughputShare.class))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            log.warn("The share of throughput on this disk can't be read: {}; waiting for another", e.toString());
            return Optional.empty();
        }
    }
}
