package io.garrison.edge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.state.EdgeConfig.InvalidSetting;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PX-11 to PX-24, DI-10 to DI-19, and the parameters of the six ways of discovery. */
class ClusterSettingsTests {

    @Test
    void hasTheDefaultsOfTheRequirements() {
        var settings = ClusterSettings.DEFAULT;

        assertThat(settings.enabled()).isFalse();
        assertThat(settings.discovery().enabled()).isFalse();
        assertThat(settings.discovery().bindPort()).isEqualTo(10_101);
        assertThat(settings.discovery().dialTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.discovery().kubernetesNamespace()).isEqualTo("default");
        assertThat(settings.discovery().consul()).hasToString("http://localhost:8500");
        assertThat(settings.discovery().mdnsService()).isEqualTo("_garrison._tcp");
        assertThat(settings.gossip()).isEqualTo(new ClusterSettings.Gossip(0, 10, 3, 3));
        assertThat(settings.election()).isEqualTo(new ClusterSettings.Election(150, 300, 50));
        assertThat(settings.sync()).isEqualTo(new ClusterSettings.Pace(10, 30, 100, 5, 10, 10_000));
        assertThat(settings.health()).isEqualTo(new ClusterSettings.Health(5, 3, null));
    }

    @Test
    void isWrittenAsItWasRead() {
        var said = new HashMap<String, String>();
        said.put("cluster.enabled", "true");
        said.put("cluster.address", "edge-1.example");
        said.put("cluster.seeds", "edge-2.example,[2001:db8::2]:10103");
        said.put("discovery.enabled", "true");
        said.put("discovery.type", "UDP");
        said.put("discovery.service-name", "shop");
        said.put("discovery.dial-timeout", "1500ms");
        said.put("discovery.allowed-address-space", "10.0.0.0/8, 2001:db8::/32");
        said.put("discovery.udp-broadcast-port", "9999");
        said.put("discovery.etcd-endpoints", "https://etcd-1:2379,http://etcd-2:2379");
        said.put("gossip.port", "10102");
        said.put("health.listen", "0.0.0.0:9528");
        var settings = EdgeConfig.of(said);

        assertThat(EdgeConfig.of(settings.effective())).isEqualTo(settings);
        assertThat(settings.cluster().seeds())
                .containsExactly(new HostPort("edge-2.example", 10_101), new HostPort("2001:db8::2", 10_103));
        assertThat(settings.cluster().discovery().type()).isEqualTo(DiscoveryType.UDP);
    }

    @ParameterizedTest
    @CsvSource({
        "cluster.enable, true",
        "cluster.enabled, yes",
        "cluster.address, 'a b'",
        "cluster.seeds, edge:0",
        "discovery.typ, dns",
        "discovery.type, zookeeper",
        "discovery.service-name, under_score",
        "discovery.bind-port, 65536",
        "discovery.dial-timeout, 10",
        "discovery.dial-timeout, 0s",
        "discovery.allowed-address-space, 10.0.0.5/24",
        "discovery.allowed-address-space, 10.0.0.0",
        "discovery.allowed-address-space, 10.0.0.0/33",
        "discovery.consul-address, ftp://consul",
        "discovery.consul-token-file, token",
        "discovery.etcd-endpoints, http://user@etcd",
        "discovery.dns-names, a/b",
        "discovery.udp-broadcast-port, 0",
        "discovery.mdns-service, garrison",
        "gossip.port, 65535",
        "gossip.timeout-seconds, 0",
        "gossip.success-threshold, 0",
        "gossip.failure-threshold, 101",
        "election.timeout-min-ms, 49",
        "election.timeout-max-ms, 150",
        "election.heartbeat-interval-ms, 75",
        "sync.rules-interval-secs, 0",
        "sync.config-interval-secs, x",
        "sync.events-batch-size, 5001",
        "sync.events-queue-size, 99",
        "sync.events-queue-size, 100001",
        "sync.stats-interval-secs, 0",
        "sync.events-flush-interval-secs, 0",
        "health.check-interval-secs, 0",
        "health.max-missed-heartbeats, 0",
        "health.listen, 'x y'",
    })
    void namesWhatIsUnknownOrOutOfRange(String key, String value) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> EdgeConfig.of(Map.of(key, value)))
                .withMessageStartingWith(key);
    }

    @ParameterizedTest
    @CsvSource({
        ", discovery.type",
        "kubernetes, discovery.k8s-label-selector",
        "etcd, discovery.etcd-endpoints",
        "dns, discovery.dns-names",
        "udp, discovery.udp-broadcast-port",
    })
    void asksForWhatAWayOfDiscoveryNeeds(String type, String missing) {
        var said = new HashMap<>(Map.of("discovery.enabled", "true"));
        if (type != null) {
            said.put("discovery.type", type);
        }
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> ClusterSettings.of(said))
                .withMessageStartingWith(missing);
    }

    @Test
    void takesNoBroadcastWithoutAnAddressSpace() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> ClusterSettings.of(Map.of(
                        "discovery.enabled", "true",
                        "discovery.type", "udp",
                        "discovery.udp-broadcast-port", "9999")))
                .withMessageStartingWith("discovery.allowed-address-space");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.128.0/17, 10.1.127.255, false",
        "10.1.2.3/32, 10.1.2.3, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "'', 203.0.113.9, true",
    })
    void knowsWhatIsInItsAddressSpace(String space, String address, boolean inside) {
        assertThat(AddressSpace.parse(space).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(inside);
    }
}
