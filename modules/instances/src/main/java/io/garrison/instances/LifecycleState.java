package io.garrison.instances;

/** Where an instance is in its life, as management sees it. */
public enum LifecycleState {
    /** A certificate was issued to it, and never used since. */
    PENDING,
    /** It has dialled in with its certificate. */
    ENROLLED,
    /** It is bringing its first revision into service. */
    SYNCING,
    ONLINE,
    /** Drained on request: it turns new clients away. */
    MAINTENANCE,
    /** Its heartbeat is late. */
    SUSPECT,
    /** Its heartbeat is missing. Traffic may flow all the same. */
    LOST,
    /**
     * Its certificates are revoked. It keeps its traffic, but for that of addresses which it shares, and learns nothing new; to
     * return it enrols again.
     */
    QUARANTINED,
    /** Decommissioned. */
    RETIRED;

    /** Whether its certificates are worth anything at the gateway. */
    public boolean mayDialIn() {
        return switch (this) {
            case PENDING, ENROLLED, SYNCING, ONLINE, MAINTENANCE, SUSPECT, LOST -> true;
            case QUARANTINED, RETIRED -> false;
        };
    }

    /** Whether its heartbeats arrive. */
    public boolean isConnected() {
        return switch (this) {
            case ENROLLED, SYNCING, ONLINE, MAINTENANCE -> true;
            case PENDING, SUSPECT, LOST, QUARANTINED, RETIRED -> false;
        };
    }

    /**
     * The state of an instance that has just reported.
     *
     * @param drained it was asked to turn new clients away, and does
     * @param applied 0 if it never applied a revision
     * @param desired 0 if its stack has none
     */
    static LifecycleState ofReport(boolean drained, long applied, long desired) {
        if (drained) {
            return MAINTENANCE;
        }
        return applied == 0 && desired > 0 ? SYNCING : ONLINE;
    }
}
