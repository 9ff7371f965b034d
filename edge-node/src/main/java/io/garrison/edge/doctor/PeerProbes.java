package io.garrison.edge.doctor;

import io.garrison.edge.state.AddressSpace;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The port for peers from this side: whether it is to be had here, and whether theirs answer. The other direction is
 * seen from there.
 */
final class PeerProbes {

    private static final int MOST_PATIENCE_MS = 5_000;

    private final Subject subject;
    private final ClusterSettings cluster;
    private final @Nullable InstancePlan plan;

    PeerProbes(Subject subject, ClusterSettings cluster, @Nullable InstancePlan plan) {
        this.subject = subject;
        this.cluster = cluster;
        this.plan = plan;
    }

    List<Finding> look() {
        if (!cluster.enabled()) {
            return List.of(Finding.skipped(Layer.PEERS, "DI-T19", "cluster.enabled is off"));
        }
        var findings = new ArrayList<Finding>();
        findings.add(ownPort());
        findings.add(ownAddress());
        findings.addAll(atOnce(members(), this::member));
        return findings;
    }

    int port() {
        if (cluster.gossip().port() != 0) {
            return cluster.gossip().port();
        }
        return plan == null ? cluster.discovery().bindPort() : plan.ha().port();
    }

    private Finding ownPort() {
        if (subject.agentRuns()) {
            return Finding.skipped(Layer.PEERS, "peers.port", "the agent has it");
        }
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port()));
            return Finding.good(Layer.PEERS, "peers.port", "TCP port " + port() + " is free");
        } catch (IOException e) {
            return Finding.bad(
                    Layer.PEERS,
                    "peers.port",
                    "TCP port " + port() + " can't be had: " + e.getMessage(),
                    e instanceof BindException
                            ? "Find who has it: ss -ltnp sport = :" + port() + "; or set gossip.port on all peers."
                            : "Look at the rights of the agent's user.");
        }
    }

    /** What peers are told, or would find (DI-14). */
    private Finding ownAddress() {
        var allowed = cluster.discovery().allowed();
        if (allowed.isEverywhere()) {
            return Finding.skipped(Layer.PEERS, "DI-T14", "discovery.allowed-address-space is not set");
        }
        var own = ownAddresses();
        return own.stream().anyMatch(allowed::contains)
                ? Finding.good(Layer.PEERS, "DI-T14", "this machine is within " + allowed)
                : outside("this machine's addresses " + written(own), allowed);
    }

    static Finding outside(String what, AddressSpace allowed) {
        return Finding.bad(
                Layer.PEERS,
                "DI-T14",
                what + " are outside " + allowed + " (discovery.allowed-address-space)",
                "Name the networks of all peers there, in CIDR form, such as 10.1.0.0/16; the same on each.");
    }

    /** From which peers of the same network are spoken to. */
    InetAddress spokenFrom() {
        return ownAddresses().stream()
                .filter(address -> address instanceof Inet4Address)
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
    }

    private List<InetAddress> ownAddresses() {
        var configured = cluster.address();
        try {
            if (configured != null) {
                return List.of(InetAddress.getAllByName(configured));
            }
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .toList();
        } catch (SocketException | UnknownHostException e) {
            return List.of();
        }
    }

    boolean isOwn(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private List<InstancePlan.Member> members() {
        return plan == null
                ? List.of()
                : plan.members().stream()
                        .filter(member -> !member.instanceId().equals(plan.instanceId()) && member.address() != null)
                        .toList();
    }

    /** Asked where the plan says, and else where {@code gossip.port} of this instance says, which is to be that of all. */
    private Finding member(InstancePlan.Member member) {
        var address = String.valueOf(member.address());
        int port = member.port();
        var problem = connect(new InetSocketAddress(address, port));
        int said = cluster.gossip().port();
        if (problem.isPresent() && said != 0 && said != port && !isOwn(member)) {
            port = said;
            problem = connect(new InetSocketAddress(address, port));
        }
        return problem.isEmpty()
                ? Finding.good(Layer.PEERS, "DI-T03", member.name() + " takes connections at " + address + ":" + port)
                : Finding.bad(
                        Layer.PEERS,
                        "DI-T03",
                        member.name() + " at " + address + ":" + port + ": " + problem.get(),
                        "Does its agent run? Open TCP " + port + " in both directions, and look from there as well.");
    }

    /** Whether it shares the address of this instance, which has the port of the settings there itself. */
    private boolean isOwn(InstancePlan.Member member) {
        return plan == null
                || plan.members().stream()
                        .anyMatch(own -> own.instanceId().equals(plan.instanceId())
                                && (own.address() == null || own.address().equals(member.address())));
    }

    /** Of these, those that take no connection. */
    List<InetSocketAddress> silent(List<InetSocketAddress> candidates) {
        return atOnce(candidates, peer -> connect(peer).map(problem -> peer)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** At most 16 members share a stack; one after the other, silent ones would add up. */
    private static <T, R> List<R> atOnce(List<T> of, Function<T, R> question) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = of.stream()
                    .map(each -> CompletableFuture.supplyAsync(() -> question.apply(each), threads))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    /** @return what is wrong, if anything */
    Optional<String> connect(InetSocketAddress peer) {
        if (peer.isUnresolved()) {
            return Optional.of("its name has no address");
        }
        try (var socket = new Socket()) {
            socket.connect(peer, (int)
                    Math.min(MOST_PATIENCE_MS, cluster.discovery().dialTimeout().toMillis()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    static String written(List<InetAddress> addresses) {
        return String.join(
                ", ", addresses.stream().map(InetAddress::getHostAddress).toList());
    }
}
