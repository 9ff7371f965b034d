package io.garrison.licensing;

import java.util.Optional;

/**
 * What other modules ask about the bound tenant's sub-licences before they make or change something. Checks no
 * permission: the caller has done that for its own operation. Never asked on the path of traffic.
 */
public interface SubLicenses {

    Optional<SubLicenseSummary> find(SubLicenseId id);

    /** The first one under which new things may be made; where only one can be loaded, that one. */
    Optional<SubLicenseSummary> firstInForce();

    /**
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.NotInForce if nothing new may be made under it
     */
    SubLicenseSummary requireInForce(SubLicenseId id);

    /**
     * Asked before something is changed and nothing new is made.
     *
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.NotInForce if nothing may be changed under it
     */
    void requireChangeable(SubLicenseId id);

    /**
     * How many virtual services all stacks of the sub-licence may have together, by its limit and its overage rule. Locks the sub-licence until the
     * caller's transaction ends, so that two stacks that publish at once are counted one after the other.
     *
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.NotInForce if nothing may be published under it
     * @throws org.springframework.transaction.IllegalTransactionStateException if no transaction is running
     */
    long virtualServiceLimit(SubLicenseId id);
}
