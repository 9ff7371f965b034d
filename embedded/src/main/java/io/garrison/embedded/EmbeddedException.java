package io.garrison.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded server cannot be started or used; the message tells a person what to do about it. */
public final class EmbeddedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EmbeddedException(String message) {
        this(message, null);
    }

    public EmbeddedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
