package io.garrison.protocol;

/** A lease, or the receipt of one, that must not be believed. */
public final class UntrustedLeaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code stable: {@code lease.…} */
    UntrustedLeaseException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }

    /** What is wrong, for people. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
