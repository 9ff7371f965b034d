package io.garrison.protocol;

import java.time.Instant;
import java.util.UUID;

/**
 * A rehearsed failover that this instance takes part in.
 *
 * @param router whose addresses move
 * @param role YIELD gives them up, PROBE measures from outside
 * @param kind GRACEFUL lowers the priority; FAULT acts as if the instance had failed
 * @param at when it begins; an instance that hears of it more than a minute later takes no part
 * @param holdSeconds for how long the addresses stay away, 1–300
 */
public record Drill(UUID id, String router, Role role, Kind kind, Instant at, int holdSeconds) {

    public enum Role {
        YIELD,
        PROBE
    }

    public enum Kind {
        GRACEFUL,
        FAULT
    }
}
