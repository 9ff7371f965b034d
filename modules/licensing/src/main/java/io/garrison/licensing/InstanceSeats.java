package io.garrison.licensing;

import java.time.Instant;
import java.util.UUID;

/** The seats of the bound tenant's sub-licences: the right to run one instance each, held by a lease. */
public interface InstanceSeats {

    /**
     * Takes a seat, or renews the one that the instance holds, in the caller's transaction. The sub-licence's row is
     * locked, so that the last seat is sold once. A lease that is not renewed runs out and frees its seat. During the
     * grace of a sub-licence leases that have not run out are renewed, and no new ones given.
     *
     * @param instance who runs; asking again for the same instance only renews. Asking under another sub-licence moves
     *     it there and frees the seat that it held
     * @return when the lease runs out unless it is renewed
     * @throws LicenseException.NoSeatLeft if every seat is taken
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     * @throws LicenseException.NotInForce if the sub-licence is not in force, nor in its grace with a lease to renew
     */
    Instant lease(SubLicenseId subLicense, UUID instance);

    /** Gives the instance's seat back at once; harmless if it holds none. */
    void release(UUID instance);
}
