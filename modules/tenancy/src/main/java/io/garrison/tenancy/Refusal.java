package io.garrison.tenancy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expected "no": told to the caller as an RFC 9457 problem with a stable code, never logged as an error. Each module
 * has one sealed subclass that lists its refusals.
 */
public abstract class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String code;
    private final transient List<FieldError> errors;

    /**
     * @param code stable, {@code <module or noun>.<what went wrong>}, such as {@code license.pool-exhausted}
     * @param message safe to show to the caller; says what to do about it
     */
    protected Refusal(Kind kind, String code, String message) {
        this(kind, code, message, List.of());
    }

    protected Refusal(Kind kind, String code, String message, List<FieldError> errors) {
        super(message);
        this.kind = kind;
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /**
     * One offending field.
     *
     * @param field name or JSON pointer within the request
     * @param message for people, with the reason and the range
     */
    public record FieldError(
            String field,
            String code,
            String message,
            @Nullable Object rejected) {
        public FieldError(String field, String code, String message) {
            this(field, code, message, null);
        }
    }

    /** Which HTTP status tells it. */
    public enum Kind {
        MALFORMED(400),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        CONFLICT(409),
        STALE(412),
        RULE_BROKEN(422),
        PRECONDITION_REQUIRED(428),
        TOO_MANY(429);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
