package io.garrison.instances;

/**
 * How the instances of a stack share its traffic: who owns the addresses of its virtual routers. In
 * {@link #ACTIVE_PASSIVE} the primary owns all, in {@link #ACTIVE_ACTIVE} the members in turn unless a router names one, in
 * {@link #MIXED} one or the other as the virtual services want that listen on the router's addresses. Without high
 * availability no address moves, and every instance serves on its own.
 */
public enum TrafficMode {
    ACTIVE_ACTIVE,
    ACTIVE_PASSIVE,
    MIXED
}
