package io.garrison.edge.cluster;

import io.garrison.edge.health.Metrics;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.CertificateMaterial;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The instance among its peers, as the agent sees it. Thread-safe. */
public interface Cluster extends AutoCloseable {

    /** Goes on by itself from here on; does not wait for anybody. */
    void start();

    /** Where peers reach this instance; absent if it has none. May wait for a name server now and then. */
    @Nullable
    String address();

    /** What the heartbeat says; absent if this instance has no peers by choice. */
    @Nullable
    ClusterState state();

    /** The document of {@code /cluster/status}. */
    Map<String, Object> status();

    Metrics metrics(Metrics metrics);

    /** @throws IOException if no peer has it */
    CertificateMaterial certificate(String name) throws IOException, InterruptedException;

    @Override
    void close();

    /**
     * An instance that has no connection to peers by choice.
     *
     * @param said under which they reach what else it shares, by the settings
     */
    static Cluster none(UUID instanceId, @Nullable String said, URI gateway) {
        var address = new KeptAddress(() -> OwnAddress.told(said, gateway));
        return new Cluster() {
            @Override
            public void start() {}

            @Override
            public @Nullable String address() {
                return address.told();
            }

            @Override
            public @Nullable ClusterState state() {
                return null;
            }

            @Override
            public Map<String, Object> status() {
                return Map.of("cluster_enabled", false, "node_id", instanceId.toString());
            }

            @Override
            public Metrics metrics(Metrics metrics) {
                return metrics;
            }

            @Override
            public CertificateMaterial certificate(String name) throws IOException {
                throw new IOException("this instance has no peers");
            }

            @Override
            public void close() {}
        };
    }
}
