package io.garrison.edge.sync;

import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the desired revision, over and over; each question waits at the gateway until there is news. */
public final class RevisionLoop implements Runnable {

    private static final int WAIT_SECONDS = 55;
    private static final Duration NOTHING_YET = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(RevisionLoop.class);

    private final GatewayClient gateway;
    private final Reconciler reconciler;
    private final ExecutorService reconcile;
    private final Backoff backoff;
    private final Stop stop;

    /** @param reconcile the reconciler's thread */
    public RevisionLoop(
            GatewayClient gateway,
            Reconciler reconciler,
            ExecutorService reconcile,
            RandomGenerator random,
            Stop stop) {
        this.stop = stop;
        this.gateway = gateway;
        this.reconciler = reconciler;
        this.reconcile = reconcile;
        this.backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), random);
    }

    @Override
    public void run() {
        while (!stop.isSet()) {
            try {
                ask(WAIT_SECONDS);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                sleepAfter(e);
            }
        }
    }

    /** Asks once. Thread-safe: a person may ask while the loop waits. */
    public void ask(int waitSeconds) throws IOException, InterruptedException {
        long started = System.nanoTime();
        var answer = gateway.desired(reconciler.etag(), waitSeconds);
        switch (answer) {
            case GatewayClient.Desired.Revision news -> take(news.bundle());
            case GatewayClient.Desired.Unchanged unchanged -> reconcile.execute(reconciler::confirmed);
            case GatewayClient.Desired.None none -> {}
        }
        if (!backoff.isFresh()) {
            log.info("Management answers again");
        }
        backoff.success();
        // A gateway that does not wait must not be asked in a tight circle.
        boolean hasty = System.nanoTime() - started < NOTHING_YET.toNanos();
        if (waitSeconds > 0 && hasty && !(answer instanceof GatewayClient.Desired.Revision)) {
            stop.await(NOTHING_YET);
        }
    }

    private void take(SignedBundle bundle) throws IOException, InterruptedException {
        try {
            if (!reconcile.submit(() -> reconciler.offer(bundle)).get()) {
                throw new IOException("the bundle was refused");
            }
        } catch (ExecutionException e) {
            throw new IOException("the revision could not be taken", e.getCause());
        }
    }

    private void sleepAfter(IOException e) {
        if (backoff.isFresh() && !stop.isSet()) {
            log.warn("No desired revision from management: {}", e.toString());
        }
        try {
            stop.await(backoff.afterFailure(GatewayException.retryAfterOf(e)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
