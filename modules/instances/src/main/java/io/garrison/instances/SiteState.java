package io.garrison.instances;

/** How an installation of a customer's own is heard. */
public enum SiteState {
    ONLINE,
    /** Silent for longer than it should be. */
    SUSPECT,
    /** Silent for long. Its usage comes when it is back. */
    LOST,
    /** It has never dialled in: its usage is carried by hand. */
    BY_HAND,
    /** Taken away by the provider; it is not heard any more. */
    UNBOUND
}
