package io.garrison.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one client may ask for. At least one of the limits is present. Where the instances of a stack share their tables,
 * a limit holds for all of them together, otherwise for each.
 *
 * @param requestsPerSecond HTTP requests, 1–1,000,000; more are answered 429
 * @param connectionsPerSecond new connections, 1–1,000,000; more are closed
 * @param requestsPerMinute HTTP requests within 60 s, 1–1,000,000; more are answered 429. Not written if absent, so that
 *     policies from before it was known keep their digest
 * @param by what counts as one client
 */
public record RateLimit(
        @Nullable Integer requestsPerSecond,
        @Nullable Integer connectionsPerSecond,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer requestsPerMinute,
        Key by) {

    public RateLimit {
        by = Absent.or(by, Key.CLIENT_ADDRESS);
    }

    public enum Key {
        CLIENT_ADDRESS
    }
}
