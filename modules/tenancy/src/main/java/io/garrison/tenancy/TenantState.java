package io.garrison.tenancy;

/** Life of a tenant. Traffic flows in all of them but the last. */
public enum TenantState {
    ACTIVE,
    /** Its members can look but not change; only from here can it be deleted. */
    SUSPENDED,
    /** Its data are being erased; nothing can be done in it any more. */
    DELETING
}
