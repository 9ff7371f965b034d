package io.garrison.instances.peer;

import java.time.Duration;

/** What both ends of a conversation have agreed on. */
final class PeerPaths {

    static final String HELLO = "/peer/v1/hello";
    static final String OVERVIEW = "/peer/v1/overview";
    static final String CONTENT = "/peer/v1/content";
    static final String TAKE = "/peer/v1/take";

    /** A policy of the greatest size and its certificates fit. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    /** How far two clocks may differ. */
    static final Duration SKEW = Duration.ofMinutes(5);

    private PeerPaths() {}

    /** @param whole with private keys */
    record Wanted(String stack, boolean whole) {}
}
