package io.garrison.edge.ha;

import io.garrison.edge.ha.kernel.OpenConnections;

/** Why an instance does not want the addresses, and how much not. */
enum Reason {
    /** Nobody answers on HAProxy's socket. */
    HAPROXY_DEAD(Reason.FAILED),
    /** Fewer link pairs than wanted have carriers. */
    LINKS(Reason.FAILED),
    /** A drained instance that no peer relieved in time. */
    DRAINED(Reason.FAILED),
    /** Too little traffic arrives. */
    BANDWIDTH(Reason.YIELDING),
    /** New clients are to be turned away. */
    DRAIN(Reason.YIELDING),
    /** Its configuration changes. */
    RELOAD(Reason.YIELDING),
    /** A person took it out of the stack: the others go on without it, and do not listen to it any more. */
    SHUT_OUT(Reason.FAILED),
    /** It changed its role too often. */
    HOLD(Reason.YIELDING);

    /** keepalived leaves the addresses at once, and takes none while this is so. */
    static final int FAILED = -254;

    /** A peer takes over while the addresses are still served here; without a peer they stay. */
    static final int YIELDING = OpenConnections.YIELDING;

    private final int weight;

    Reason(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }

    /** Whether the change of role that follows is one that somebody wanted. */
    boolean isPlanned() {
        return this == DRAIN || this == DRAINED || this == RELOAD || this == HOLD || this == SHUT_OUT;
    }

    /** A bypass needs no HAProxy, and traffic in it is not all counted by the holder. */
    boolean holdsInBypass() {
        return this != HAPROXY_DEAD && this != BANDWIDTH && this != HOLD;
    }
}
