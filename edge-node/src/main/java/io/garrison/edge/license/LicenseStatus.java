package io.garrison.edge.license;

import io.garrison.protocol.Lease;
import io.garrison.protocol.Report;
import io.garrison.protocol.SeenTime;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the instance stands to its lease, as {@code status --json} shows it.
 *
 * @param leaseUntil until when the lease is, or was, in force
 * @param graceUntil until when new revisions are taken without a lease in force
 * @param clock how this machine's clock stands to the time that counts
 * @param effectiveTime the time that counts
 */
public record LicenseStatus(
        State state,
        @Nullable Instant leaseUntil,
        @Nullable Instant graceUntil,
        @Nullable UUID leaseId,
        @Nullable UUID subLicense,
        boolean offline,
        Lease.@Nullable Signer signedBy,
        SeenTime.State clock,
        Instant effectiveTime) {

    /** Traffic flows in all of them. */
    public enum State {
        /** The lease is in force. */
        ACTIVE,
        /** The lease has run out. New revisions are still taken. */
        GRACE,
        /** The lease ran out long ago. New revisions are not taken. */
        FROZEN,
        /** The lease was given back by a receipt. New revisions are not taken. */
        RETURNED,
        /** There should be a lease on this disk, and there is none that holds. New revisions are not taken. */
        MISSING,
        /** Management gives no leases. */
        NONE;

        /** Whether a revision that was not accepted before may be. */
        public boolean takesRevisions() {
            return switch (this) {
                case ACTIVE, GRACE, NONE -> true;
                case FROZEN, RETURNED, MISSING -> false;
            };
        }
    }

    /** What the heartbeat says of it. */
    public Report.LicenseState told() {
        return new Report.LicenseState(state.name(), leaseId, leaseUntil);
    }

    /** Why new revisions are not taken, and what to do. */
    public String advice() {
        return switch (state) {
            case ACTIVE, NONE -> "the lease is in force";
            case GRACE ->
                "the lease ran out at " + leaseUntil + "; new revisions are taken until " + graceUntil
                        + ". Connect this instance to management, or import an offline lease";
            case FROZEN ->
                "the lease ran out at " + leaseUntil
                        + ", and no new revision is taken until there is another. Traffic goes on. Connect this instance"
                        + " to management, or import an offline lease";
            case RETURNED ->
                "the lease was returned, and no new revision is taken until there is another. Traffic goes on";
            case MISSING ->
                "there is no lease on this disk that holds, and no new revision is taken until there is one. Traffic goes"
                        + " on. Connect this instance to management, or import an offline lease";
        };
    }
}
