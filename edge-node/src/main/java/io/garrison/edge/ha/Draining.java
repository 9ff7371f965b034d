package io.garrison.edge.ha;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Leaves the addresses to a peer before clients are turned away. May be called from any thread. */
final class Draining {

    private static final long LONGEST_SECONDS = 20;

    /** A client that began with this instance has asked twice by then, or turned to the peer. */
    private static final long LAST_CLIENTS_MS = 1_000;

    private final HaThread thread;
    private final Watched watched;
    private final HandOvers handOvers;

    Draining(HaThread thread, Watched watched, HandOvers handOvers) {
        this.thread = thread;
        this.watched = watched;
        this.handOvers = handOvers;
    }

    /** Returns when a peer has the addresses, or when it is clear that none takes them. */
    void before() throws InterruptedException {
        var done = new CountDownLatch(1);
        thread.run(() -> {
            // Without a plan as well: the one that comes later finds it.
            watched.steering().set(Reason.DRAIN, true);
            var plan = watched.plan();
            if (plan == null) {
                done.countDown();
                return;
            }
            long patience = plan.members().size() > 1 ? Routers.patience(plan.ha()) : 0;
            handOvers.await(thread.now(), patience, handedOver -> {
                // Whoever turns clients away is worse than a peer that waits for a failure only.
                boolean fail = !handedOver && plan.members().size() > 1;
                thread.guarded(() -> watched.steering().set(Reason.DRAINED, fail));
                thread.later(handedOver && patience > 0 ? LAST_CLIENTS_MS : 0, done::countDown);
            });
        });
        boolean unused = done.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    /** An earlier agent turned clients away already. */
    void already() {
        watched.steering().set(Reason.DRAIN, true);
    }

    /** Clients are taken again. */
    void after() {
        thread.run(() -> {
            watched.steering().set(Reason.DRAINED, false);
            watched.steering().set(Reason.DRAIN, false);
        });
    }
}
