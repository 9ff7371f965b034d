package io.garrison.boot;

/** The command line is not understood; the message says which word. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
