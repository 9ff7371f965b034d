package io.garrison.edge.sync;

import java.io.IOException;
import java.time.Duration;

/** The gateway answered, but not as hoped. */
public final class GatewayException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final Duration retryAfter;

    GatewayException(String what, int status, Duration retryAfter) {
        super(what + ": management answered " + status);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /** Zero if the gateway did not say. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Zero if there was no answer or the gateway did not say. */
    public static Duration retryAfterOf(IOException failure) {
        return failure instanceof GatewayException answered ? answered.retryAfter() : Duration.ZERO;
    }
}
