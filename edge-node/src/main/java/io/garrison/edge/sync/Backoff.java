package io.garrison.edge.sync;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: a random share of a span that doubles ("full jitter"), so that a thousand edges do not come
 * back at the same moment. Never shorter than the server asks for. Not thread-safe.
 */
public final class Backoff {

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** @param retryAfter what the server asked for; zero if nothing */
    public Duration afterFailure(Duration retryAfter) {
        long span = first.toMillis() << Math.min(failures, 20);
        failures++;
        long millis = random.nextLong(Math.min(span, longest.toMillis()) + 1);
        // The share comes on top, or all who were turned away together would come back together.
        return retryAfter.plusMillis(millis);
    }

    public void success() {
        failures = 0;
    }

    /** Whether the failure is the first of its row, and so worth a line in the log. */
    public boolean isFresh() {
        return failures == 0;
    }
}
