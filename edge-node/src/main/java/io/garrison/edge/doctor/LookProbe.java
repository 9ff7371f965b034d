package io.garrison.edge.doctor;

import io.garrison.edge.cluster.discovery.Discoveries;
import io.garrison.edge.cluster.discovery.DiscoveryException;
import io.garrison.edge.cluster.discovery.DiscoveryProvider.Self;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.state.DiscoveryType;
import io.garrison.protocol.InstancePlan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/** One look for peers as the agent takes it, without making this instance findable. */
final class LookProbe {

    private static final int MOST_PEERS = 16;

    private final DiscoverySettings settings;
    private final PeerProbes peers;
    private final InstancePlan plan;

    LookProbe(DiscoverySettings settings, PeerProbes peers, InstancePlan plan) {
        this.settings = settings;
        this.peers = peers;
        this.plan = plan;
    }

    /** Those that listen for beacons, or announce by looking, would disturb an agent that runs. */
    static boolean fits(DiscoveryType type) {
        return type == DiscoveryType.ETCD || type == DiscoveryType.CONSUL || type == DiscoveryType.KUBERNETES;
    }

    Finding look() throws InterruptedException {
        var name = settings.serviceName() == null ? plan.stackId().toString() : settings.serviceName();
        var self = new Self(
                plan.instanceId(), name, new InetSocketAddress(InetAddress.getLoopbackAddress(), peers.port()));
        try (var provider = Discoveries.open(settings, self)) {
            return judge(name, provider.discover());
        } catch (DiscoveryException e) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    row(e.problem()),
                    e.code() + ": " + e.getMessage(),
                    "The agent meets the same; look at the service and at what this machine may do there.");
        }
    }

    private Finding judge(String name, Set<InetSocketAddress> found) {
        var others = found.stream()
                .filter(peer -> peer.getPort() != peers.port() || !peers.isOwn(peer.getAddress()))
                .limit(MOST_PEERS)
                .toList();
        if (others.isEmpty()) {
            return plan.members().size() < 2
                    ? Finding.good(Layer.DISCOVERY, "DI-T19", "nobody else belongs to the stack")
                    : Finding.bad(
                            Layer.DISCOVERY,
                            "DI-T19",
                            "nobody else is found under the name " + name + ", and the stack has "
                                    + plan.members().size() + " instances",
                            "discovery.service-name, or without one the stack, must be the same on all; discovery must be on there too.");
        }
        var outside = others.stream()
                .map(InetSocketAddress::getAddress)
                .filter(address -> !settings.allowed().isEverywhere()
                        && !settings.allowed().contains(address))
                .toList();
        if (outside.size() == others.size()) {
            return PeerProbes.outside("the addresses " + PeerProbes.written(outside), settings.allowed());
        }
        var silent = others.stream()
                .filter(peer -> peers.connect(peer).isPresent())
                .map(peer -> peer.getAddress().getHostAddress() + ":" + peer.getPort())
                .toList();
        return silent.isEmpty()
                ? Finding.good(Layer.DISCOVERY, "DI-T19", others.size() + " found, and each takes connections")
                : Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T05",
                        "found, but no connection to " + String.join(", ", List.copyOf(silent)),
                        "Open the port for peers in both directions; see that each is found at the address where it listens.");
    }

    private static String row(DiscoveryException.Problem problem) {
        return switch (problem) {
            case K8S_NOT_IN_CLUSTER, K8S_FORBIDDEN -> "DI-T02";
            case K8S_FAILED -> "DI-T01";
            case CONSUL_REGISTER_FAILED, CONSUL_FORBIDDEN, CONSUL_FAILED -> "DI-T04";
            case ETCD_CLIENT_FAILED -> "DI-T07";
            case ETCD_REGISTER_FAILED -> "DI-T08";
            case DNS_LOOKUP_FAILED -> "DI-T10";
            case UDP_PORT_IN_USE, UDP_PERMISSION_DENIED, UDP_FAILED -> "DI-T15";
            case MDNS_FAILED -> "DI-T16";
            case TIMED_OUT, ANSWER_NOT_UNDERSTOOD -> "DI-T19";
        };
    }
}
