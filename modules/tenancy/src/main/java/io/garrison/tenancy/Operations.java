package io.garrison.tenancy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Long work that a caller follows by {@code GET /api/v1/operations/{id}}. An operation belongs to the tenant that was
 * bound when it began, or to the provider; it is advanced with the same one bound.
 */
public interface Operations {

    /**
     * Begins an operation in the running transaction, or in one of its own.
     *
     * @param kind what is done, such as {@code tenant.delete}
     * @param limit after which an operation that has not ended is told as failed
     */
    UUID start(String kind, Duration limit);

    /** @param percent 0 to 100; never goes back */
    void progress(UUID operation, int percent);

    /** @param result path of what came out of it, if there is something to fetch */
    void succeed(UUID operation, @Nullable String result);

    /** @param message safe to show; says what to do */
    void fail(UUID operation, String code, String message);

    /**
     * An operation of any house that the caller may enter.
     *
     * @throws TenancyException.NotFound if there is none for this caller
     */
    Operation get(UUID operation);

    /** How far it is. */
    record Operation(
            UUID id,
            String kind,
            State state,
            int progress,
            Instant startedAt,
            Instant deadline,
            @Nullable Failure error,
            @Nullable String result) {}

    /** Why it failed. */
    record Failure(String code, String message) {}

    enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    /** Where an operation is followed. */
    static String path(UUID operation) {
        return "/api/v1/operations/" + operation;
    }
}
