package io.garrison.edge.meter;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Byte counters that live outside HAProxy. Not thread-safe. */
public interface ByteCounters extends AutoCloseable {

    /** Counters on a machine, or in a setting, where only HAProxy counts. */
    ByteCounters NONE = new ByteCounters() {
        @Override
        public Set<String> follow(List<Endpoint> endpoints) {
            return Set.of();
        }

        @Override
        public Map<String, Counts> read() {
            return Map.of();
        }

        @Override
        public void close() {}
    };

    /** @param address where the service listens on this instance */
    record Endpoint(String service, String address, int port) {

        /** A loopback or wildcard address is not this instance's alone. */
        boolean isOwn() {
            var parsed = InetAddress.ofLiteral(address);
            return !parsed.isLoopbackAddress() && !parsed.isAnyLocalAddress();
        }
    }

    /**
     * Counts for these services from now on; counters of services that stay go on.
     *
     * @return the services that are counted here
     */
    Set<String> follow(List<Endpoint> endpoints) throws IOException;

    /**
     * The counters since they were made, by service; requests and connections are zero. Those that are not followed any
     * more come once again, with all that they have counted.
     */
    Map<String, Counts> read() throws IOException;

    /**
     * Gives the counter of a service up that is not followed any more; followed again, it begins at zero.
     *
     * @throws IOException if something still counts by it
     */
    default void forget(String service) throws IOException {}

    @Override
    void close();
}
