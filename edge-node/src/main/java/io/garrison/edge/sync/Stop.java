package io.garrison.edge.sync;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends loops. Threads that write files must not be interrupted: an interrupt closes the file under all who use it.
 * Thread-safe.
 */
public final class Stop {

    private final CountDownLatch latch = new CountDownLatch(1);

    public void now() {
        latch.countDown();
    }

    public boolean isSet() {
        return latch.getCount() == 0;
    }

    /** Waits that long, or until it is time to stop. */
    public void await(Duration wait) throws InterruptedException {
        boolean unused = latch.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }
}
