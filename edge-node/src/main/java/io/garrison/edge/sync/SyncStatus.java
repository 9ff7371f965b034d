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
        boolean drained) {}
