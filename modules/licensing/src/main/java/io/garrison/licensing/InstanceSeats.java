package io.garrison.licensing;

import java.time.Instant;
import java.util.UUID;

/** The seats of the bound tenant's sub-licences: the right to run one instance each, held by a lease. */
public interface InstanceSeats {

    /**
     * Takes a seat, or renews the one that the instance holds, in the caller's transaction. The sub-licence's row is
     * locked, so that the last seat is sold once. A lease that is not renewed runs out and frees its seat.
     *
     * @param instance who runs; asking again for the same instance only renews
     * @return when the lease runs out unless it is renewed
     * @throws LicenseException if every seat is taken, or the sub-licence is unknown or not in force
     */
    Instant lease(SubLicenseId subLicense, UUID instance);

    /** Gives the instance's seat back at once; harmless if it holds none. */
    void release(UUID instance);
}
