package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryProvider.Self;
import io.garrison.edge.state.DiscoverySettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the provider that the settings ask for. */
public final class Discoveries {

    private Discoveries() {}

    /**
     * Opens nothing yet: that is left to the first look, so that it can be tried again.
     *
     * @param settings complete, with a type
     */
    public static DiscoveryProvider open(DiscoverySettings settings, Self self) {
        return switch (Objects.requireNonNull(settings.type(), "a way of discovery")) {
            case KUBERNETES -> kubernetes(settings, System.getenv(), Path.of(KubernetesDiscovery.SERVICE_ACCOUNT));
            case CONSUL -> new ConsulDiscovery(settings, self);
            case ETCD -> new EtcdDiscovery(settings, self);
            case DNS -> new DnsDiscovery(settings, List.of());
            case UDP -> new UdpDiscovery(settings, self);
            case MDNS -> new MdnsDiscovery(settings, self);
        };
    }

    /**
     * Pods, as a pod sees them.
     *
     * @param environment of its process
     * @param serviceAccount directory with token and authority
     */
    public static DiscoveryProvider kubernetes(
            DiscoverySettings settings, Map<String, String> environment, Path serviceAccount) {
        return new KubernetesDiscovery(settings, environment, serviceAccount);
    }
}
