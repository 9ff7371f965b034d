package io.garrison.edge.agent;

import io.garrison.edge.sync.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's threads. A task that fails is logged and goes on with its next turn. */
final class Loops implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Loops.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final ScheduledExecutorService reconcile = single("reconcile");
    private final ScheduledExecutorService counting = single("counting");
    private final ScheduledExecutorService shaping = single("shaping");
    private final ThreadPoolExecutor network = new ThreadPoolExecutor(
            0,
            16,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("network-", 0).daemon().factory(),
            new ThreadPoolExecutor.CallerRunsPolicy());
    private final Stop stop = new Stop();
    private final List<Thread> threads = new ArrayList<>();

    interface Body {
        void run() throws InterruptedException;
    }

    /** The data plane's only writer. */
    ScheduledExecutorService reconcile() {
        return reconcile;
    }

    /** The meter's only user. */
    ScheduledExecutorService counting() {
        return counting;
    }

    /** Holds the kernel to the share of throughput. */
    ScheduledExecutorService shaping() {
        return shaping;
    }

    /** Set it, and wake whoever waits, before {@link #close}. */
    Stop stop() {
        return stop;
    }

    ThreadPoolExecutor network() {
        return network;
    }

    void everySecond(ScheduledExecutorService thread, Runnable task) {
        var unused = thread.scheduleAtFixedRate(() -> guarded(task), 0, 1, TimeUnit.SECONDS);
    }

    /** Runs the body until the end; if it fails, once more after a while. */
    void run(String name, Body body) {
        threads.add(Thread.ofPlatform().name(name).daemon().start(() -> {
            while (!stop.isSet()) {
                try {
                    try {
                        body.run();
                        return;
                    } catch (RuntimeException e) {
                        log.error("{} failed and starts again", name, e);
                        stop.await(LAST_WORDS);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }));
    }

    @Override
    public void close() {
        reconcile.shutdown();
        counting.shutdown();
        shaping.shutdown();
        network.shutdown();
        try {
            for (var thread : threads) {
                thread.join(LAST_WORDS);
            }
            boolean ended = reconcile.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                    & counting.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                    & shaping.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                log.warn("A loop did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A turn failed", e);
        }
    }

    private static ScheduledExecutorService single(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }
}
