package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The way of discovery that is chosen, asked as the agent asks it. Ids are those of the troubles that users know. */
final class DiscoveryProbes {

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private final DiscoverySettings settings;
    private final PeerProbes peers;
    private final boolean agentRuns;

    DiscoveryProbes(DiscoverySettings settings, PeerProbes peers, boolean agentRuns) {
        this.settings = settings;
        this.peers = peers;
        this.agentRuns = agentRuns;
    }

    List<Finding> look() throws InterruptedException {
        var type = settings.type();
        if (type == null) {
            return List.of();
        }
        return switch (type) {
            case DNS -> new DnsProbe(settings, peers).look();
            case ETCD -> new EtcdProbe(settings).look();
            case UDP -> List.of(beaconPort(), broadcast());
            case CONSUL -> List.of(consul());
            case KUBERNETES -> List.of(kubernetes(System.getenv(), SERVICE_ACCOUNT));
            case MDNS ->
                List.of(Finding.skipped(
                        Layer.DISCOVERY,
                        "DI-T16",
                        "mDNS is not looked at; try avahi-browse " + settings.mdnsService()));
        };
    }

    private Finding beaconPort() {
        if (agentRuns) {
            return Finding.skipped(Layer.DISCOVERY, "DI-T15", "the agent has UDP port " + settings.udpPort());
        }
        try (var probe = new DatagramSocket(new InetSocketAddress(settings.udpPort()))) {
            return Finding.good(Layer.DISCOVERY, "DI-T15", "UDP port " + probe.getLocalPort() + " is to be had");
        } catch (BindException e) {
            boolean denied = String.valueOf(e.getMessage()).contains("ermission");
            return Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T15",
                    "UDP port " + settings.udpPort() + ": " + e.getMessage(),
                    denied
                            ? "Ports below 1024 need CAP_NET_BIND_SERVICE, which the package's unit gives; or set discovery.udp-broadcast-port above."
                            : "Find who has it: ss -lunp sport = :" + settings.udpPort()
                                    + "; or set another discovery.udp-broadcast-port on all peers.");
        } catch (SocketException e) {
            return Finding.bad(
                    Layer.DISCOVERY, "DI-T15", "UDP port " + settings.udpPort() + ": " + e.getMessage(), "Look at it.");
        }
    }

    private static Finding broadcast() {
        try {
            var network = NetworkInterface.networkInterfaces()
                    .filter(DiscoveryProbes::isUp)
                    .flatMap(device -> device.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getBroadcast)
                    .filter(address -> address != null)
                    .findFirst();
            if (network.isPresent()) {
                return Finding.good(
                        Layer.DISCOVERY,
                        "DI-T13",
                        "beacons can go to " + network.get().getHostAddress());
            }
        } catch (SocketException e) {
            // told below
        }
        return Finding.bad(
                Layer.DISCOVERY,
                "DI-T13",
                "no device that is up has a broadcast address",
                "Peers must be in the same IPv4 network; in a container use the host's network.");
    }

    private static boolean isUp(NetworkInterface device) {
        try {
            return device.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    private Finding consul() throws InterruptedException {
        try (var client = new HttpQuestions(settings.dialTimeout())) {
            var answer = client.get(settings.consul().resolve("/v1/status/leader"));
            return answer.status() == 200 && answer.body().contains(":")
                    ? Finding.good(Layer.DISCOVERY, "DI-T04", "Consul answers at " + settings.consul())
                    : Finding.bad(
                            Layer.DISCOVERY,
                            "DI-T04",
                            "Consul at " + settings.consul() + " answers " + answer.status() + " and knows no leader",
                            "Look at its log: consul members; consul operator raft list-peers");
        } catch (IOException e) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T04",
                    "Consul's agent does not answer at " + settings.consul() + ": " + HttpQuestions.reason(e),
                    "Start its agent, or correct discovery.consul-address; port 8500 must be open to this machine.");
        }
    }

    static Finding kubernetes(Map<String, String> environment, Path account) {
        if (!environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T02",
                    "this is no pod: KUBERNETES_SERVICE_HOST is not set",
                    "Run the agent in the cluster, or choose another discovery.type.");
        }
        for (var file : List.of("token", "ca.crt")) {
            if (!Files.isReadable(account.resolve(file))) {
                return Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T02",
                        account.resolve(file) + " is not there",
                        "Give the pod a service account with a Role that may get, list and watch pods, and let its token be mounted.");
            }
        }
        return Finding.good(Layer.DISCOVERY, "DI-T02", "the pod has a service account");
    }
}
