package io.garrison.licensing;

/** The rungs of a sub-licence's life. Derived from effective time; traffic keeps flowing on all of them. */
public enum SubLicenseState {
    /** Its validity has not begun. Nothing may be made under it yet. */
    SCHEDULED,
    ACTIVE,
    /** In force, with 30 days or less to go. */
    EXPIRING,
    /** Over, within its days of grace: instances keep their seats, policies may change, nothing new is made. */
    GRACE,
    /** The 30 days after the grace: seats are not renewed; policies may still change. */
    RESTRICTED,
    /** Nothing is made, changed or renewed. */
    FROZEN,
    /** Suspended by the provider, until it is resumed: instances keep their seats, nothing is made or changed. */
    SUSPENDED,
    /** Taken back by the provider: as frozen, and its entitlements are in the licence pool again. */
    REVOKED;

    /** Whether new stacks, tokens and seats may be made. */
    public boolean isInForce() {
        return switch (this) {
            case ACTIVE, EXPIRING -> true;
            case SCHEDULED, GRACE, RESTRICTED, FROZEN, SUSPENDED, REVOKED -> false;
        };
    }

    /** Whether a running instance may keep its seat. */
    public boolean keepsSeats() {
        return switch (this) {
            case ACTIVE, EXPIRING, GRACE, SUSPENDED -> true;
            case SCHEDULED, RESTRICTED, FROZEN, REVOKED -> false;
        };
    }

    /** Whether a policy may be published. */
    public boolean allowsPublishing() {
        return switch (this) {
            case ACTIVE, EXPIRING, GRACE, RESTRICTED -> true;
            case SCHEDULED, FROZEN, SUSPENDED, REVOKED -> false;
        };
    }
}
