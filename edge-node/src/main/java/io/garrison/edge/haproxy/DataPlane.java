package io.garrison.edge.haproxy;

import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data plane of this instance. {@link #apply}, {@link #ensureRunning}, {@link #drain}, {@link #stop} and {@link #close}
 * belong to one thread, the reconcile loop; {@link #counters}, {@link #state} and {@link #applied} may be called from any.
 */
public interface DataPlane extends AutoCloseable {

    /**
     * Makes this revision serve. Returns when the new workers have every listener, or when the revision is refused or
     * rolled back; in both of these the configuration that served before still serves. The caller has verified signature
     * and addressee.
     *
     * @param certificates by name, one for each of {@link PolicyBundle#certificates()}
     * @throws IOException if this machine fails (disk full, HAProxy missing); nothing has changed for clients
     */
    ApplyOutcome apply(PolicyBundle bundle, Map<String, CertificateMaterial> certificates, ListenAddresses addresses)
            throws IOException, InterruptedException;

    /** Told on the thread of {@link #apply} of what is about to serve. It has passed all checks that come before. */
    interface TakeOver {

        void begins(Policy policy);

        /** What served before serves on. */
        void failed();
    }

    default void onTakeOver(TakeOver listener) {}

    /**
     * Adopts the HAProxy that survived an agent, or starts one with the active configuration if none runs. Does nothing
     * when no revision was ever applied. Cheap when all is well; call it every few seconds.
     */
    void ensureRunning() throws IOException, InterruptedException;

    /**
     * The counters of every worker that lives, and once more, with {@link WorkerCounters#last()}, of every worker that
     * has ended since the last call. An empty list if HAProxy does not run. Call it at least every 10 s: a replaced
     * worker that has no clients any more waits up to 60 s to be read. Only of a worker that is killed, or that an
     * earlier run of the agent left behind, what it counted after the last call is lost.
     */
    List<WorkerCounters> counters() throws IOException;

    /** Turns new clients away (their connections are refused), or takes them again. Open connections go on. */
    void drain(boolean on) throws IOException, InterruptedException;

    /**
     * Whom to share tables with, from the next {@link #apply} on.
     *
     * @param link null to share with nobody
     * @return whether the configuration in force shares in another way, so that it has to be applied anew
     */
    default boolean share(@Nullable StackLink link) {
        return false;
    }

    /** May be used from any thread. */
    default SharedTables tables() {
        return SharedTables.NONE;
    }

    /**
     * Whether the next {@link #apply} makes HAProxy pass connections on, uninspected and unlimited, instead of what the
     * policy says. It stays so over restarts once it was applied.
     */
    default void pass(boolean on) {}

    /** Whether the configuration in force only passes connections on. May be called from any thread. */
    default boolean passes() {
        return false;
    }

    AppliedState applied();

    DataPlaneState state();

    /** Ends HAProxy. Connections that are open get {@link HaproxySettings#hardStopAfter()} to end by themselves. */
    void stop() throws IOException, InterruptedException;

    /** Leaves HAProxy running; a later agent adopts it. */
    @Override
    void close();
}
