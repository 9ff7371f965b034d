package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** UDP: whether the port for beacons is to be had, and whether beacons leave this machine. */
final class BeaconProbes {

    private final DiscoverySettings settings;
    private final boolean agentRuns;

    BeaconProbes(DiscoverySettings settings, boolean agentRuns) {
        this.settings = settings;
        this.agentRuns = agentRuns;
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        findings.add(port());
        var networks = networks();
        findings.add(
                networks.isEmpty()
                        ? Finding.bad(
                                Layer.DISCOVERY,
                                "DI-T13",
                                "no device that is up has a broadcast address within " + settings.allowed(),
                                "Peers must be in the same IPv4 network, and discovery.allowed-address-space must name"
                                        + " it; in a container use the host's network.")
                        : Finding.good(Layer.DISCOVERY, "DI-T13", "beacons can go to " + PeerProbes.written(networks)));
        networks.forEach(network -> findings.add(send(network)));
        return findings;
    }

    private Finding port() {
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
                            ? "Ports below 1024 need CAP_NET_BIND_SERVICE, which the package's unit gives; or set"
                                    + " discovery.udp-broadcast-port above."
                            : "Find who has it: ss -lunp sport = :" + settings.udpPort()
                                    + "; or set another discovery.udp-broadcast-port on all peers.");
        } catch (SocketException e) {
            return Finding.bad(
                    Layer.DISCOVERY, "DI-T15", "UDP port " + settings.udpPort() + ": " + e.getMessage(), "Look at it.");
        }
    }

    /** As the agent chooses them. */
    private List<InetAddress> networks() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(BeaconProbes::isUp)
                    .flatMap(device -> device.getInterfaceAddresses().stream())
                    .filter(address ->
                            address.getBroadcast() != null && settings.allowed().contains(address.getAddress()))
                    .map(InterfaceAddress::getBroadcast)
                    .distinct()
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    /** An empty datagram, which peers pass over. */
    private Finding send(InetAddress network) {
        try (var voice = new DatagramSocket()) {
            voice.setBroadcast(true);
            voice.send(new DatagramPacket(new byte[0], 0, network, settings.udpPort()));
            return Finding.good(Layer.DISCOVERY, "DI-T23", "a datagram to " + network.getHostAddress() + " leaves");
        } catch (IOException e) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T23",
                    "no datagram leaves for " + network.getHostAddress() + ": " + e.getMessage(),
                    "Let UDP port " + settings.udpPort()
                            + " out and in at this machine's firewall (nft list ruleset), and look at the route: ip"
                            + " route get "
                            + network.getHostAddress());
        }
    }

    static boolean isUp(NetworkInterface device) {
        try {
            return device.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
