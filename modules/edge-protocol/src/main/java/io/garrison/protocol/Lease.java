package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The right of one instance to a seat of a sub-licence, for a while. What a signed lease says; see {@link LeaseSigning}.
 *
 * @param id of this very lease; each renewal makes another
 * @param serial of the sub-licence's file under which it was given, from 1
 * @param issuedAt to the second; a later lease of the same instance replaces an earlier one
 * @param until first instant at which it has run out, to the second
 * @param graceUntil up to when an instance whose lease has run out still takes new revisions. Traffic never ends.
 * @param offline whether it was given as a file, to be returned by a {@link LeaseReceipt}
 * @param signedBy whose key signed it
 */
public record Lease(
        UUID id,
        UUID subLicense,
        long serial,
        UUID tenant,
        UUID instance,
        Instant issuedAt,
        Instant until,
        Instant graceUntil,
        boolean offline,
        Signer signedBy,
        Share share) {

    /** Whose key signs leases. */
    public enum Signer {
        /** The key that the MSSP's licence names: the chain holds by the vendor's key alone. */
        MSSP,
        /** The installation's own key, where the MSSP's key is not: who verifies must know that key too. */
        INSTALLATION
    }

    /**
     * What the sub-licence grants to the one instance and to those that run beside it.
     *
     * @param throughputBps of all instances together, bit/s
     * @param virtualServices of all stacks together
     * @param features in alphabetical order
     */
    public record Share(long throughputBps, long virtualServices, List<String> features) {
        public Share {
            features = Absent.orEmpty(features);
        }
    }
}
