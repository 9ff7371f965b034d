package io.garrison.instances;

import java.security.cert.X509Certificate;

/** Who may speak at the edge gateway. */
public interface EdgeAdmission {

    /**
     * Asks the database anew each time, so that a revoked certificate is worth nothing from the next request on.
     *
     * @param certificate of a chain that TLS has verified
     * @throws InstanceException.EdgeUnauthenticated if it is none of an instance that may dial in now
     */
    EdgeIdentity admit(X509Certificate certificate);

    /**
     * As {@link #admit}, and admits besides, to deliver registers and for nothing else, an instance that was taken out of
     * its stack, as long as they are taken.
     */
    EdgeIdentity admitForRegisters(X509Certificate certificate);
}
