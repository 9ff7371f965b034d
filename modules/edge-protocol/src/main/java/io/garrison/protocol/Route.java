package io.garrison.protocol;

import org.jspecify.annotations.Nullable;

/** Sends the requests that meet every present condition to another pool. */
public record Route(Condition when, String pool) {

    /**
     * At least one part is present; all present parts must hold.
     *
     * @param host exact host name without port, compared without case
     * @param pathPrefix begins with {@code /}; matches whole path segments
     * @param header a header with exactly this value
     */
    public record Condition(
            @Nullable String host,
            @Nullable String pathPrefix,
            @Nullable HeaderMatch header) {}

    public record HeaderMatch(String name, String value) {}
}
