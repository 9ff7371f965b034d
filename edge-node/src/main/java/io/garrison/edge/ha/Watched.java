package io.garrison.edge.ha;

import io.garrison.protocol.InstancePlan;
import org.jspecify.annotations.Nullable;

/** What all parts of the shared addresses know. Thread-safe. */
final class Watched {

    private final Roles roles;
    private final Steering steering;
    private final Faults faults;
    private volatile @Nullable InstancePlan plan;
    private volatile @Nullable InstancePlan coming;

    Watched(Roles roles, Steering steering, Faults faults) {
        this.roles = roles;
        this.steering = steering;
        this.faults = faults;
    }

    Roles roles() {
        return roles;
    }

    Steering steering() {
        return steering;
    }

    Faults faults() {
        return faults;
    }

    /** The plan in force; null if none is. */
    @Nullable
    InstancePlan plan() {
        return plan;
    }

    /** The plan whose routers keepalived speaks of: the one that it is about to read, or else the one in force. */
    @Nullable
    InstancePlan named() {
        var next = coming;
        return next == null ? plan : next;
    }

    /** @param next is about to be read by keepalived; null if none is */
    void coming(@Nullable InstancePlan next) {
        coming = next;
    }

    void plan(@Nullable InstancePlan next) {
        plan = next;
    }
}
