package io.garrison.edge.doctor;

import io.garrison.edge.cluster.discovery.DiscoveryException;
import io.garrison.edge.cluster.discovery.DiscoveryProvider;
import io.garrison.edge.cluster.discovery.DiscoveryProvider.Self;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.state.DiscoveryType;
import io.garrison.protocol.InstancePlan;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** One look for peers as the agent takes it, without making this instance findable. */
final class LookProbe {

    static final String ASK_THERE =
            "The agent meets the same; look at the service and at what this machine may do there.";

    private static final int MOST_PEERS = 16;

    private final DiscoverySettings settings;
    private final PeerProbes peers;
    private final InstancePlan plan;
    private final Function<Self, DiscoveryProvider> way;

    LookProbe(DiscoverySettings settings, PeerProbes peers, InstancePlan plan, Function<Self, DiscoveryProvider> way) {
        this.settings = settings;
        this.peers = peers;
        this.plan = plan;
        this.way = way;
    }

    /** Under which instances are announced and looked for. */
    static String service(DiscoverySettings settings, InstancePlan plan) {
        return settings.serviceName() == null ? plan.stackId().toString() : settings.serviceName();
    }

    Finding look() throws InterruptedException {
        var name = service(settings, plan);
        var self = new Self(plan.instanceId(), name, new InetSocketAddress(peers.spokenFrom(), peers.port()));
        try (var provider = way.apply(self)) {
            return judge(name, provider.discover());
        } catch (DiscoveryException e) {
            return Finding.bad(Layer.DISCOVERY, row(e.problem()), e.code() + ": " + e.getMessage(), ASK_THERE);
        }
    }

    private Finding judge(String name, Set<InetSocketAddress> found) {
        var others = found.stream()
                .filter(peer -> peer.getPort() != peers.port() || !peers.isOwn(peer.getAddress()))
                .limit(MOST_PEERS)
                .toList();
        if (others.isEmpty()) {
            return plan.members().size() < 2
                    ? Finding.good(Layer.DISCOVERY, nobody(type()), "nobody else belongs to the stack")
                    : Finding.bad(
                            Layer.DISCOVERY,
                            nobody(type()),
                            "nobody else is found under the name " + name + ", and the stack has "
                                    + plan.members().size() + " instances" + notEvenItself(found),
                            fix(type()));
        }
        var outside = others.stream()
                .map(InetSocketAddress::getAddress)
                .filter(address -> !settings.allowed().isEverywhere()
                        && !settings.allowed().contains(address))
                .toList();
        if (outside.size() == others.size()) {
            return PeerProbes.outside("the addresses " + PeerProbes.written(outside), settings.allowed());
        }
        var silent = peers.silent(others).stream()
                .map(peer -> peer.getAddress().getHostAddress() + ":" + peer.getPort())
                .toList();
        return silent.isEmpty()
                ? Finding.good(Layer.DISCOVERY, nobody(type()), others.size() + " found, and each takes connections")
                : Finding.bad(
                        Layer.DISCOVERY,
                        type() == DiscoveryType.KUBERNETES ? "DI-T01" : "DI-T05",
                        "found, but no connection to " + String.join(", ", List.copyOf(silent)),
                        type() == DiscoveryType.KUBERNETES
                                ? "Let a NetworkPolicy allow the port for peers between the pods in both directions;"
                                        + " discovery.bind-port must be the port that they listen on."
                                : "Open the port for peers in both directions; see that each is found at the address"
                                        + " where it listens.");
    }

    private DiscoveryType type() {
        return Objects.requireNonNull(settings.type(), "a way of discovery");
    }

    /** The pod that asks runs, so a selector that fits would find it. */
    private String notEvenItself(Set<InetSocketAddress> found) {
        return type() == DiscoveryType.KUBERNETES && found.stream().noneMatch(peer -> peers.isOwn(peer.getAddress()))
                ? "; the labels of this pod do not fit " + settings.kubernetesSelector() + " either"
                : "";
    }

    /** What it is called that nobody is found. */
    static String nobody(DiscoveryType type) {
        return switch (type) {
            case KUBERNETES -> "DI-T01";
            case UDP -> "DI-T13";
            case MDNS -> "DI-T16";
            case CONSUL, ETCD, DNS -> "DI-T19";
        };
    }

    static String fix(DiscoveryType type) {
        return switch (type) {
            case KUBERNETES ->
                "Give all pods the labels of discovery.k8s-label-selector, in the namespace discovery.k8s-namespace:"
                        + " kubectl get pods --show-labels";
            case UDP ->
                "All must be in one IPv4 network and in discovery.allowed-address-space, with the same"
                        + " discovery.udp-broadcast-port, open in both directions, and the same discovery.service-name:"
                        + " tcpdump -n udp port PORT";
            case MDNS ->
                "All must be in one network that carries multicast, UDP port 5353 open in both directions, with the"
                        + " same discovery.mdns-service and discovery.service-name: avahi-browse -a";
            case CONSUL, ETCD, DNS ->
                "discovery.service-name, or without one the stack, must be the same on all; discovery must be on there"
                        + " too.";
        };
    }

    static String row(DiscoveryException.Problem problem) {
        return switch (problem) {
            case K8S_NOT_IN_CLUSTER, K8S_FORBIDDEN -> "DI-T02";
            case K8S_FAILED -> "DI-T01";
            case CONSUL_REGISTER_FAILED, CONSUL_FORBIDDEN, CONSUL_FAILED -> "DI-T04";
            case ETCD_CLIENT_FAILED -> "DI-T07";
            case ETCD_REGISTER_FAILED -> "DI-T08";
            case DNS_LOOKUP_FAILED -> "DI-T10";
            case UDP_PORT_IN_USE, UDP_PERMISSION_DENIED -> "DI-T15";
            case UDP_FAILED -> "DI-T23";
            case MDNS_FAILED -> "DI-T16";
            case TIMED_OUT, ANSWER_NOT_UNDERSTOOD -> "DI-T19";
        };
    }
}
