package io.garrison.tenancy;

/**
 * A module in which something hangs on a tenant's belonging to its reseller. Implement it as a bean. Both are asked in the
 * transaction of the change that they are to forbid, which has locked the tenant's or the reseller's row before.
 */
public interface ResellerTies {

    /** How much of the bound tenant's would be torn if it changed its reseller. */
    long ofTenant();

    /** How much the reseller holds. */
    long ofReseller(ResellerId reseller);
}
