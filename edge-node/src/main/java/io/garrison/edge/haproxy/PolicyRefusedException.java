package io.garrison.edge.haproxy;

/** A policy that cannot be rendered. The message is for people and holds no secret. */
final class PolicyRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    PolicyRefusedException(String message) {
        this("policy-invalid", message);
    }

    PolicyRefusedException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}
