package io.garrison.instances;

import java.time.Instant;

/** Leases for instances without a network: out as a file, back as a receipt. */
public interface OfflineLeases {

    /**
     * Gives the instance a lease for days, as a file that it imports. The seat is taken for the whole time, whatever becomes
     * of the instance; only the receipt of its return frees it sooner.
     *
     * @param days 1 to 90, within the validity and grace of the sub-licence
     * @throws InstanceException.NotFound if the bound tenant has no such instance
     * @throws InstanceException.IllegalTransition if it is quarantined or retired
     * @throws io.garrison.licensing.LicenseException if there is no seat, or none for that long
     */
    OfflineLease give(InstanceId id, int days);

    /**
     * Takes a return receipt and frees the seat at once. A receipt that was taken before, or is not the instance's, changes
     * nothing. Works for instances that were quarantined or retired since.
     *
     * @param receipt as the instance wrote it
     * @throws InstanceException.NotFound if the bound tenant has no such instance
     * @throws InstanceException.ReceiptRefused if the instance did not sign it
     * @throws io.garrison.licensing.LicenseException.ReceiptRefused if it was taken before or is for another lease
     */
    InstanceSummary takeBack(InstanceId id, String receipt);

    /** @param file to be carried to the instance; the instance's own, worthless to any other */
    record OfflineLease(InstanceId id, Instant until, String file) {}
}
