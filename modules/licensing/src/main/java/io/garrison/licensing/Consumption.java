package io.garrison.licensing;

/**
 * Told by whoever knows how much of a sub-licence of the bound tenant is used. Seats are counted by licensing itself.
 */
public interface Consumption {

    /**
     * Notes that so much is used from now on, in the caller's transaction. Overage begins, changes or ends with it.
     *
     * @param metric {@link Metric#VIRTUAL_SERVICES} or {@link Metric#THROUGHPUT_BPS}
     * @param used of all stacks of the sub-licence together
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.OverageRefused if it is more than the overage rule allows; never for throughput, which
     *     has been used when it is told
     * @throws LicenseException.PoolExhausted if what goes beyond the limit is not in the licence pool; never for
     *     throughput
     */
    void tell(SubLicenseId id, Metric metric, long used);
}
