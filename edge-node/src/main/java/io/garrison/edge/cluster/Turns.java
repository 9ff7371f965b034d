package io.garrison.edge.cluster;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks that take turns on one thread. One that fails is logged and has its next turn. */
final class Turns implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Turns.class);

    private final ScheduledThreadPoolExecutor thread;

    interface Turn {
        void run() throws InterruptedException;
    }

    Turns(String name) {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
    }

    /** The first turn comes after that time. */
    void every(long ms, Turn turn) {
        var unused = thread.scheduleWithFixedDelay(() -> take(turn), ms, ms, TimeUnit.MILLISECONDS);
    }

    /** Once, after that time; not at all after the end. */
    void after(long ms, Turn turn) {
        try {
            var unused = thread.schedule(() -> take(turn), ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("No more turns");
        }
    }

    /** Once, as soon as it can be; not at all after the end. */
    void soon(Turn turn) {
        try {
            thread.execute(() -> take(turn));
        } catch (RejectedExecutionException e) {
            log.debug("No more turns");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static void take(Turn turn) {
        try {
            turn.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("A turn failed", e);
        }
    }
}
