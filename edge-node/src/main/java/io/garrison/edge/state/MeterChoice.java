package io.garrison.edge.state;

/** Where the byte registers come from. */
public enum MeterChoice {
    /** The kernel where the agent may and the service's address is the instance's own, HAProxy otherwise. */
    AUTO,
    /** The kernel; a service that the kernel can't count for this instance alone is counted by HAProxy. */
    KERNEL,
    PROXY
}
