package io.garrison.edge.shaping;

import java.io.IOException;

/** This machine, or this user, can't limit. The message is for people. */
public final class LimitRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    LimitRefusedException(String message) {
        super(message);
    }
}
