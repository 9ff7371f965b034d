package io.garrison.edge.state;

import io.garrison.edge.state.EdgeConfig.InvalidSetting;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an instance finds its peers (DI-10 to DI-15).
 *
 * @param type absent if discovery is off and nobody chose one
 * @param serviceName equal on all peers; absent for the id of the stack
 * @param bindPort TCP port of peers of which only the address is found, 1–65,535
 * @param dialTimeout limit of one question to whoever is asked, 100 ms–5 min
 * @param allowed networks that peers may be in; must be said for UDP, because anybody may answer there
 * @param kubernetesSelector labels of the pods, such as {@code app=x,env=prod}
 * @param consul the agent of Consul, http or https
 * @param consulTokenFile holds the access token; absent without access lists
 * @param etcd addresses of etcd, http or https
 * @param dnsNames names with address records, or with service records if they begin with an underscore
 * @param udpPort where beacons are sent to and heard, 1–65,535; 0 if not said
 * @param mdnsService such as {@code _garrison._tcp}
 */
public record DiscoverySettings(
        boolean enabled,
        @Nullable DiscoveryType type,
        @Nullable String serviceName,
        int bindPort,
        Duration dialTimeout,
        AddressSpace allowed,
        String kubernetesNamespace,
        @Nullable String kubernetesSelector,
        URI consul,
        @Nullable Path consulTokenFile,
        List<URI> etcd,
        List<String> dnsNames,
        int udpPort,
        String mdnsService) {

    /** What peers of whom nobody said otherwise listen on. */
    public static final int PORT = 10_101;

    private static final String PREFIX = "discovery.";
    private static final int MOST = 32;

    static DiscoverySettings of(Words words) {
        var settings = new DiscoverySettings(
                words.flag(PREFIX + "enabled", false),
                type(words.text(PREFIX + "type")),
                serviceName(words.text(PREFIX + "service-name")),
                words.number(PREFIX + "bind-port", PORT, 1, 65_535),
                words.duration(
                        PREFIX + "dial-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMinutes(5)),
                Words.parsed(
                        PREFIX + "allowed-address-space",
                        words.text(PREFIX + "allowed-address-space", ""),
                        AddressSpace::parse),
                words.text(PREFIX + "k8s-namespace", "default"),
                words.text(PREFIX + "k8s-label-selector"),
                address(PREFIX + "consul-address", words.text(PREFIX + "consul-address", "localhost:8500")),
                words.file(PREFIX + "consul-token-file"),
                words.list(PREFIX + "etcd-endpoints", MOST, word -> address(PREFIX + "etcd-endpoints", word)),
                words.list(PREFIX + "dns-names", MOST, DiscoverySettings::dnsName),
                words.number(PREFIX + "udp-broadcast-port", 0, 1, 65_535),
                mdnsService(words.text(PREFIX + "mdns-service", "_garrison._tcp")));
        if (settings.enabled) {
            settings.requireComplete();
        }
        return settings;
    }

    void tell(SortedMap<String, String> all) {
        all.put(PREFIX + "enabled", Boolean.toString(enabled));
        put(all, "type", type == null ? null : type.name().toLowerCase(Locale.ROOT));
        put(all, "service-name", serviceName);
        all.put(PREFIX + "bind-port", Integer.toString(bindPort));
        all.put(PREFIX + "dial-timeout", Words.written(dialTimeout));
        put(all, "allowed-address-space", allowed.toString());
        all.put(PREFIX + "k8s-namespace", kubernetesNamespace);
        put(all, "k8s-label-selector", kubernetesSelector);
        all.put(PREFIX + "consul-address", consul.toString());
        put(all, "consul-token-file", consulTokenFile == null ? null : consulTokenFile.toString());
        put(all, "etcd-endpoints", etcd.stream().map(URI::toString).collect(Collectors.joining(",")));
        put(all, "dns-names", String.join(",", dnsNames));
        put(all, "udp-broadcast-port", udpPort == 0 ? null : Integer.toString(udpPort));
        all.put(PREFIX + "mdns-service", mdnsService);
    }

    private void requireComplete() {
        if (type == null) {
            throw new InvalidSetting(PREFIX + "type", "must be said when discovery is enabled: " + types());
        }
        switch (type) {
            case KUBERNETES -> require("k8s-label-selector", kubernetesSelector != null);
            case ETCD -> require("etcd-endpoints", !etcd.isEmpty());
            case DNS -> require("dns-names", !dnsNames.isEmpty());
            case UDP -> {
                require("udp-broadcast-port", udpPort != 0);
                require("allowed-address-space", !allowed.isEverywhere());
            }
            case CONSUL, MDNS -> {}
        }
    }

    private void require(String key, boolean there) {
        if (!there) {
            throw new InvalidSetting(
                    PREFIX + key,
                    "must be said when discovery.type is "
                            + String.valueOf(type).toLowerCase(Locale.ROOT));
        }
    }

    private static void put(SortedMap<String, String> all, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            all.put(PREFIX + key, value);
        }
    }

    private static @Nullable DiscoveryType type(@Nullable String value) {
        if (value == null) {
            return null;
        }
        for (var type : DiscoveryType.values()) {
            if (type.name().equalsIgnoreCase(value)) {
                return type;
            }
        }
        throw new InvalidSetting(PREFIX + "type", "must be " + types() + ", not " + value);
    }

    private static String types() {
        return "kubernetes, consul, etcd, dns, udp or mdns";
    }

    private static @Nullable String serviceName(@Nullable String value) {
        if (value != null && !value.matches("[A-Za-z0-9][A-Za-z0-9-]{0,62}")) {
            throw new InvalidSetting(
                    PREFIX + "service-name", "must be 1 to 63 letters, digits and hyphens, not " + value);
        }
        return value;
    }

    private static String dnsName(String word) {
        if (!word.matches("[A-Za-z0-9_]([A-Za-z0-9._-]{0,251})")) {
            throw new IllegalArgumentException("must be names, not " + word);
        }
        return word;
    }

    private static String mdnsService(String value) {
        if (!value.matches("_[A-Za-z0-9-]{1,15}\\._(tcp|udp)")) {
            throw new InvalidSetting(PREFIX + "mdns-service", "must be such as _garrison._tcp, not " + value);
        }
        return value;
    }

    private static URI address(String key, String word) {
        try {
            var address = new URI(word.contains("://") ? word : "http://" + word);
            boolean bare = address.getPath() == null
                    || address.getPath().isEmpty()
                    || address.getPath().equals("/");
            if (address.getHost() != null
                    && bare
                    && address.getUserInfo() == null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new InvalidSetting(key, "must be http://HOST:PORT or https://HOST:PORT, not " + word);
    }
}
