package io.garrison.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What one client may ask for. At least one of the two limits is present.
 *
 * @param requestsPerSecond HTTP requests, 1–1,000,000; more are answered 429
 * @param connectionsPerSecond new connections, 1–1,000,000; more are closed
 * @param by what counts as one client
 */
public record RateLimit(
        @Nullable Integer requestsPerSecond, @Nullable Integer connectionsPerSecond, Key by) {

    public RateLimit {
        by = Absent.or(by, Key.CLIENT_ADDRESS);
    }

    public enum Key {
        CLIENT_ADDRESS
    }
}
