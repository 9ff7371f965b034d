package io.garrison.instances;

/**
 * How the instances of a stack share its traffic. A label that is stored and shown: every instance serves the stack's
 * policy on its own addresses, which is what {@link #ACTIVE_ACTIVE} means. The others describe how the addresses are
 * meant to be moved between instances, and move none.
 */
public enum TrafficMode {
    ACTIVE_ACTIVE,
    ACTIVE_PASSIVE,
    MIXED
}
