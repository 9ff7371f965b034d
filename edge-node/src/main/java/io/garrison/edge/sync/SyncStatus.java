package io.garrison.edge.sync;

import io.garrison.edge.haproxy.AppliedState;
import io.garrison.protocol.Report.ApplyError;
import io.garrison.protocol.SyncState;
import org.jspecify.annotations.Nullable;

/**
 * How the instance stands to the desired revision.
 *
 * @param desiredRevision the newest that was accepted; 0 if none
 * @param error why it is not applied
 * @param drained whether new clients are turned away
 */
public record SyncStatus(
        long desiredRevision,
        AppliedState applied,
        SyncState state,
        @Nullable ApplyError error,
        boolean drained) {

    static SyncStatus of(
            BundleTrust.@Nullable Accepted accepted,
            AppliedState applied,
            boolean applying,
            @Nullable ApplyError error,
            boolean drained) {
        var state = stateOf(accepted, applied, applying, error);
        return new SyncStatus(accepted == null ? 0 : accepted.revision(), applied, state, error, drained);
    }

    private static SyncState stateOf(
            BundleTrust.@Nullable Accepted accepted,
            AppliedState applied,
            boolean applying,
            @Nullable ApplyError error) {
        if (applying) {
            return SyncState.APPLYING;
        }
        if (applied.drifted()) {
            return SyncState.OUT_OF_SYNC;
        }
        if (error != null) {
            return SyncState.FAILED;
        }
        if (applied.revision() == 0) {
            return accepted == null ? SyncState.NEVER_APPLIED : SyncState.MODIFIED;
        }
        boolean same = accepted != null
                && accepted.revision() == applied.revision()
                && accepted.incarnation().equals(applied.incarnation());
        return same || accepted == null ? SyncState.IN_SYNC : SyncState.MODIFIED;
    }
}
