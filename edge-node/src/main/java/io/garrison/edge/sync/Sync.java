package io.garrison.edge.sync;

import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.join.Identity;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.time.Clock;

/** Puts the reconciler of a state directory together. */
public final class Sync {

    private Sync() {}

    /**
     * @param changed told after every change worth a report
     * @throws IOException if what was trusted before can't be read
     */
    public static Reconciler reconciler(
            StateDirectory state,
            Identity identity,
            CertificateSource certificates,
            DataPlane dataPlane,
            ListenAddresses addresses,
            LeaseKeeper leases,
            Clock clock,
            Runnable changed)
            throws IOException {
        return new Reconciler(new Reconciler.Parts(
                identity,
                dataPlane,
                new TrustStore(state),
                new CertificateFetcher(state.certificates(), certificates),
                addresses,
                leases,
                clock,
                changed));
    }
}
