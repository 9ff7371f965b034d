package io.garrison.edge.shaping;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import java.io.IOException;
import java.util.Collection;

/** Holds virtual services to a rate. Belongs to one thread. */
public interface Limiter {

    /**
     * Lets all these endpoints together pass this much to clients, and as much from them. Connections stay open when the
     * rate or the endpoints change. Asking again for the same is cheap, and repairs what somebody else has taken away.
     *
     * @param bps bits per second, at least 1
     * @throws LimitRefusedException if it can't be done here; what was done before may stand, and be in the way of traffic
     */
    void limit(long bps, Collection<Endpoint> endpoints) throws IOException;

    /** Takes everything away that {@link #limit} has ever made for this instance, in this process or an earlier one. */
    void remove() throws IOException;
}
