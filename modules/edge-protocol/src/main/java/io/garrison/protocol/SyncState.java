package io.garrison.protocol;

/** How an instance stands to its desired revision. */
public enum SyncState {
    NEVER_APPLIED,
    IN_SYNC,
    /** A newer revision is desired than the one applied. */
    MODIFIED,
    APPLYING,
    /** The desired revision was refused; the last known good one serves. */
    FAILED,
    /** The running configuration was changed on the machine itself. */
    OUT_OF_SYNC,
    UNKNOWN
}
