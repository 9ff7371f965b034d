package io.garrison.edge.meter;

import java.io.IOException;

/** Gives up what counts for a service outside of HAProxy, so that it begins at zero if the service comes back. */
public interface Release {

    /** @return false if something may still count for it */
    boolean release(String service) throws IOException;
}
