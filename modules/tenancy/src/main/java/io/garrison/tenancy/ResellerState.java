package io.garrison.tenancy;

/** Whether a reseller does business. */
public enum ResellerState {
    ACTIVE,
    /** Nothing new is given to it or cut from what it has; what is there stays, and its tenants' traffic flows. */
    SUSPENDED
}
