package io.garrison.edge.cluster;

import io.garrison.edge.cluster.link.Link;
import io.garrison.edge.sync.Backoff;
import io.garrison.edge.sync.Stop;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the link up on the address and port that are wanted, and tells it where peers may be. */
final class LinkKeeper implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(LinkKeeper.class);
    private static final Duration HUNGRY = Duration.ofSeconds(2);
    private static final Duration SATISFIED = Duration.ofSeconds(30);

    private final Making making;
    private final Runnable moved;
    private final BooleanSupplier complete;
    private final Stop stop;
    private final Backoff backoff;
    private final Semaphore news = new Semaphore(0);
    private volatile @Nullable Session session;
    private volatile @Nullable Thread thread;

    /** How a link and a finder are made. */
    interface Making {

        /** For the address and the port that are wanted now. */
        Session make() throws IOException;

        /** Whether these are wanted still. */
        boolean holds(Session session);
    }

    record Session(OwnAddress own, int port, Link link, PeerFinder finder) {}

    /**
     * @param moved told when another address or port is used from now on
     * @param complete whether everybody is there who is declared, so that there is no hurry to look
     */
    LinkKeeper(Making making, Runnable moved, BooleanSupplier complete, RandomGenerator random, Stop stop) {
        this.making = making;
        this.moved = moved;
        this.complete = complete;
        this.stop = stop;
        this.backoff = new Backoff(Duration.ofSeconds(1), SATISFIED, random);
    }

    @Nullable
    Session session() {
        return session;
    }

    /** Where it listens; absent as long as it does not. */
    @Nullable
    OwnAddress own() {
        var now = session;
        return now == null ? null : now.own();
    }

    Set<UUID> present() {
        var now = session;
        return now == null ? Set.of() : now.link().present();
    }

    /** There may be another address, another port or other members. Thread-safe. */
    void look() {
        news.release();
    }

    void start() {
        thread = Thread.ofPlatform().name("cluster-link").daemon().start(this);
    }

    /** To be called once it is time to stop; waits that long for a farewell to the peers. */
    void close(Duration wait) {
        look();
        var running = thread;
        try {
            if (running != null && !running.join(wait)) {
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            while (!stop.isSet()) {
                try {
                    hold(making.make());
                } catch (IOException | RuntimeException e) {
                    log.warn("No link to peers: {}", e.toString());
                    stop.await(backoff.afterFailure(Duration.ZERO).plusSeconds(1));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hold(Session made) throws IOException, InterruptedException {
        try (var link = made.link();
                var finder = made.finder()) {
            boolean well = true;
            if (finder.known().isEmpty()) {
                well = finder.look();
            }
            // From the first view on, members are asked.
            session = made;
            link.connect(finder.known());
            backoff.success();
            log.info("Peers reach this instance at {} on port {}", made.own().reached(), made.port());
            moved.run();
            while (!stop.isSet() && making.holds(made)) {
                well = finder.look();
                link.hosts(finder.known());
                pause(well);
            }
        } finally {
            session = null;
        }
    }

    private void pause(boolean well) throws InterruptedException {
        if (well) {
            backoff.success();
        }
        var wait = complete.getAsBoolean() ? SATISFIED : HUNGRY;
        if (!well) {
            wait = wait.plus(backoff.afterFailure(Duration.ZERO));
        }
        if (news.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            news.drainPermits();
        }
    }
}
