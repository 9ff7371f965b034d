package io.garrison.instances;

/** How an instance does, from its last report and its age. */
public enum InstanceHealth {
    /** The data plane runs and every enabled virtual service has a server for every member. */
    UP,
    /** Some virtual service lacks some or all of its servers. */
    DEGRADED,
    /** The data plane does not run. */
    DOWN,
    /** No report, or none recently. */
    UNKNOWN
}
