package io.garrison.reporting.ingest;

/** One record of a topic that can never be processed. It goes to the dead letters; its neighbours are processed. */
public final class BadRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param reason stable, in lower case with hyphens, for the dead letter's header */
    public BadRecord(String reason, String detail) {
        super(reason + ": " + detail, null, false, false);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
