package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryProvider.Self;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.DiscoverySettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.UUID;

/** Settings and names for providers under test. */
final class Settings {

    private Settings() {}

    /** @param words keys without their prefix, each followed by its value */
    static DiscoverySettings of(String type, String... words) {
        var settings = new HashMap<String, String>();
        settings.put("discovery.enabled", "true");
        settings.put("discovery.type", type);
        for (int i = 0; i < words.length; i += 2) {
            settings.put("discovery." + words[i], words[i + 1]);
        }
        return ClusterSettings.of(settings).discovery();
    }

    static Self self(int number, String service, String address, int port) {
        return new Self(new UUID(3, number), service, new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
