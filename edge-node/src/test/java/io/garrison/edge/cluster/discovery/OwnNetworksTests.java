package io.garrison.edge.cluster.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.discovery.OwnNetworks.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DI-T17: what an answer names and nobody can be at. */
class OwnNetworksTests {

    private static final OwnNetworks OWN =
            new OwnNetworks(List.of(network("10.97.1.1", 24), network("10.96.7.9", 16), network("10.95.0.2", 31)));

    @ParameterizedTest
    @CsvSource({
        "10.97.1.2, true",
        "10.97.1.0, false",
        "10.97.1.255, false",
        // A host's, as the network is larger.
        "10.96.1.0, true",
        "10.96.1.255, true",
        "10.96.0.0, false",
        "10.96.255.255, false",
        // Of a line between two there is no other.
        "10.95.0.2, true",
        "10.95.0.3, true",
        // Nothing is known of that network.
        "192.0.2.255, true",
        "127.0.0.9, false",
        "0.0.0.0, false",
        "224.1.2.3, false",
        "255.255.255.255, false",
        "169.254.1.2, false",
        "2001:db8::1, true",
        "::1, false",
        "::, false",
        "fe80::1, false",
        "ff02::fb, false",
    })
    void knowsWhatIsNoHost(String address, boolean host) {
        assertThat(OWN.whyNoHost(InetAddress.ofLiteral(address)).isEmpty()).isEqualTo(host);
    }

    private static Network network(String address, int prefix) {
        return new Network((Inet4Address) InetAddress.ofLiteral(address), prefix);
    }
}
