package io.garrison.edge.cluster.discovery;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.UUID;

/**
 * One way to find peers. All calls come from one thread; none takes much longer than the dial timeout. What is found are
 * candidates: the address filter and mutual TLS decide who becomes a peer.
 */
public interface DiscoveryProvider extends AutoCloseable {

    /**
     * This instance, as peers shall find it.
     *
     * @param serviceName peers of another name are not found
     * @param address where peers reach it
     */
    record Self(UUID instanceId, String serviceName, InetSocketAddress address) {}

    /**
     * Makes this instance findable, or says that it is still there. Called before every look; does nothing where others
     * keep the list.
     *
     * @throws DiscoveryException if whoever keeps the list does not take it
     */
    default void announce() throws DiscoveryException, InterruptedException {}

    /** How often whoever keeps the list had forgotten this instance when it was announced again, since it was opened. */
    default long lost() {
        return 0;
    }

    /**
     * Looks once. The answer may hold this instance itself.
     *
     * @return resolved addresses, with the port for peers
     * @throws DiscoveryException if nobody could be asked, or the answer makes no sense
     */
    Set<InetSocketAddress> discover() throws DiscoveryException, InterruptedException;

    /** Takes this instance off the list, if that can be done within the dial timeout, and frees what is held. */
    @Override
    void close();
}
