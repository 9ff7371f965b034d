package io.garrison.licensing;

import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseTrust;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The seats of the bound tenant's sub-licences: the right to run one instance each, held by a lease. */
public interface InstanceSeats {

    /** Longest offline lease. */
    int MAX_OFFLINE_DAYS = 90;

    /**
     * Takes a seat, or renews the one that the instance holds, in the caller's transaction, and signs the lease. The
     * sub-licence's row is locked, so that the last seat is sold once. A lease that is not renewed runs out and frees its
     * seat. During the grace of a sub-licence leases that have not run out are renewed, and no new ones given. An offline
     * lease that is out is not renewed but told again.
     *
     * @param instance who runs; asking again for the same instance only renews. Asking under another sub-licence moves
     *     it there and frees the seat that it held
     * @throws LicenseException.NoSeatLeft if every seat is taken
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.NotInForce if the sub-licence is not in force, nor in its grace with a lease to renew
     */
    SeatLease lease(SubLicenseId subLicense, UUID instance);

    /**
     * As {@link #lease}, but for days, to be carried to the instance as a file. The seat stays taken for the whole time,
     * whatever becomes of the instance or the sub-licence, unless {@link #takeBack} frees it.
     *
     * @param days 1 to {@value #MAX_OFFLINE_DAYS}, within the sub-licence's validity and grace
     * @throws LicenseException.OfflineLeaseRefused if that many days cannot be given
     */
    SeatLease leaseOffline(SubLicenseId subLicense, UUID instance, int days);

    /**
     * Locks what the instance's seat is of, if it has one, in the caller's transaction. To be called before the instance
     * itself is locked by whoever gives its seat back: who takes seats away locks in that order too.
     */
    void hold(UUID instance);

    /** As {@link #hold(UUID)}, before the instance is given a lease of this sub-licence. */
    void hold(SubLicenseId subLicense, UUID instance);

    /**
     * Gives the instance's seat back at once; harmless if it holds none.
     *
     * @return until when the seat stays taken all the same, because an offline lease is out; empty if it is free
     */
    Optional<Instant> release(UUID instance);

    /**
     * Frees the seat of an offline lease that was returned. The caller has checked that the instance signed the receipt.
     *
     * @throws LicenseException.ReceiptRefused if it was loaded before, or is not for the instance's newest lease; nothing
     *     is changed then
     */
    void takeBack(LeaseReceipt receipt);

    /** The keys by which instances verify their leases. */
    LeaseTrust trust();
}
