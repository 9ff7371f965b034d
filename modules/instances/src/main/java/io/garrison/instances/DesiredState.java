package io.garrison.instances;

import io.garrison.protocol.SignedBundle;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What edges shall run. Called by the edge gateway with the edge's tenant bound and outside of any transaction. */
public interface DesiredState {

    /**
     * Returns at once if the edge's stack has another revision than the edge knows, else as soon as it has, else when
     * the wait is over. A later call of the same instance ends an earlier one.
     *
     * @param known what the edge has, if anything
     * @return empty if the stack has no revision yet
     * @throws InstanceException.EdgeUnauthenticated if the instance was shut out while it waited
     * @throws InstanceException.TooManyRequests if as many edges wait as this replica can hold
     * @throws InterruptedException if the gateway shuts down
     */
    Answer await(EdgeIdentity from, @Nullable Version known, Duration wait) throws InterruptedException;

    /** A position in a stack's history. */
    record Version(UUID incarnation, long revision) {}

    sealed interface Answer {
        record Changed(Version version, SignedBundle bundle) implements Answer {}

        record Unchanged(Version version) implements Answer {}

        /** The stack has no revision. */
        record Nothing() implements Answer {}
    }
}
