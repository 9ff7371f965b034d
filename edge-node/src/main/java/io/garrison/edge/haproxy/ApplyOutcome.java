package io.garrison.edge.haproxy;

/** What became of a revision. Reasons are texts for people without paths, secrets or the data plane's raw output. */
public sealed interface ApplyOutcome {

    long revision();

    record Applied(long revision) implements ApplyOutcome {}

    /**
     * Nothing was changed.
     *
     * @param code {@code policy-invalid}, {@code rendering-differs}, {@code configuration-refused},
     *     {@code certificate-invalid}, {@code listen-address-unavailable}
     */
    record Refused(long revision, String code, String reason) implements ApplyOutcome {}

    /**
     * HAProxy passed the check but did not take the configuration; the former one is in force again.
     *
     * @param code {@code reload-failed} or {@code verification-failed}
     */
    record RolledBack(long revision, String code, String reason) implements ApplyOutcome {}
}
