package io.garrison.acceptance;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, with a limit. */
public final class Await {

    private Await() {}

    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        var deadline = Instant.now().plus(limit);
        Throwable last = null;
        while (Instant.now().isBefore(deadline)) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (Exception | AssertionError e) {
                last = e;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("not within " + limit + ": " + what, last);
    }
}
