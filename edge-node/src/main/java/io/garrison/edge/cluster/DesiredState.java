package io.garrison.edge.cluster;

import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What this instance has from management, and what it takes by way of a peer. May be called from any thread. */
public interface DesiredState {

    /** Whether management has not answered for so long that peers should be asked. */
    boolean managementSilent();

    /** When management confirmed the desired revision or gave another; absent if never. */
    @Nullable
    Instant confirmedAt();

    /** The revision that is accepted, as management signed it. */
    Optional<SignedBundle> desired();

    /** This instance's plan, as management signed it. */
    Optional<SignedBundle> plan();

    /** Tag of the revision that is accepted; empty if there is none. */
    String etag();

    /** Incarnation of the revision that serves; absent if none does. */
    @Nullable
    UUID servingIncarnation();

    /** Number of the revision that serves; 0 if none does. */
    long servingRevision();

    /** A certificate that the accepted revision names and that is on this machine. */
    Optional<CertificateMaterial> certificate(String name);

    /**
     * Takes a revision exactly as if management had given it.
     *
     * @return whether it was one to go on from; a refused one is reported to management
     */
    boolean take(SignedBundle bundle) throws IOException, InterruptedException;
}
