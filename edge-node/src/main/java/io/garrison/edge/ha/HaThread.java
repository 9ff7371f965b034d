package io.garrison.edge.ha;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that decides about the shared addresses. It exists only once there is something to decide. */
final class HaThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HaThread.class);
    private static final int PATIENCE_SECONDS = 30;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("shared-addresses").daemon().factory());
    private final LongSupplier now;
    private @Nullable ScheduledFuture<?> pace;

    interface Work {
        void run() throws IOException, InterruptedException;
    }

    HaThread() {
        this(() -> System.nanoTime() / 1_000_000);
    }

    /** @param now ms of a clock that only goes forward */
    HaThread(LongSupplier now) {
        this.now = now;
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** ms of a clock that only goes forward. */
    long now() {
        return now.getAsLong();
    }

    void run(Work work) {
        later(0, work);
    }

    void later(long millis, Work work) {
        try {
            var unused = thread.schedule(() -> guarded(work), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the agent ends
        }
    }

    /** Does this again and again from now on, instead of what was done before. */
    synchronized void every(long millis, Work work) {
        rest();
        pace = thread.scheduleAtFixedRate(() -> guarded(work), 0, millis, TimeUnit.MILLISECONDS);
    }

    /** The same, unless something is done again and again already. */
    synchronized void everyUnlessAny(long millis, Work work) {
        if (pace == null) {
            every(millis, work);
        }
    }

    synchronized void rest() {
        if (pace != null) {
            pace.cancel(false);
            pace = null;
        }
    }

    /** Waits for it. */
    <T> T ask(Callable<T> work) throws IOException, InterruptedException {
        try {
            return thread.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException("the shared addresses could not be changed", e.getCause());
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new IOException("the shared addresses could not be changed in time", e);
        }
    }

    void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            log.warn("Something about the shared addresses failed: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // An Error too: what is done again and again would not be done any more.
            log.error("A turn for the shared addresses failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The thread of the shared addresses did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
