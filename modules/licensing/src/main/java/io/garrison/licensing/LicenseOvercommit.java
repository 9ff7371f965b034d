package io.garrison.licensing;

/** Says how many times over a licence may be given away. */
public interface LicenseOvercommit {

    /**
     * Called with no tenant bound.
     *
     * @param seen version of the licence that the caller last saw, -1 for any
     * @throws LicenseException.UnknownLicense if it is not loaded
     * @throws AllotmentException.BelowAllocated if more has been given away than could be afterwards
     */
    LicenseSummary set(LicenseId id, Overcommit overcommit, long seen);
}
