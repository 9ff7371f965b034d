package io.garrison.edge.ha;

import io.garrison.edge.haproxy.SharedTables.Persistent;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;

/** Which clients are sent to the pool members where they were before. May be asked from any thread. */
public interface Sessions {

    /**
     * Reads the entries of all services on these addresses that keep clients by their address.
     *
     * @return whether there is such a service
     * @throws IOException if HAProxy does not tell, or the one who is told wants no more
     */
    boolean read(Set<InetAddress> addresses, Persistent each) throws IOException;
}
