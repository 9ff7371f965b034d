package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** DNS: whether the names have addresses, whether those may be peers, and whether they are. */
final class DnsProbe {

    private static final int MOST_PEERS = 16;

    private final DiscoverySettings settings;
    private final PeerProbes peers;

    DnsProbe(DiscoverySettings settings, PeerProbes peers) {
        this.settings = settings;
        this.peers = peers;
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        var found = new LinkedHashSet<InetAddress>();
        for (var name : settings.dnsNames()) {
            if (name.startsWith("_")) {
                findings.add(Finding.skipped(
                        Layer.DISCOVERY,
                        "DI-T10",
                        name + " has service records, which are not looked at; try dig SRV " + name));
                continue;
            }
            try {
                var addresses = List.of(InetAddress.getAllByName(name));
                found.addAll(addresses);
                findings.add(Finding.good(Layer.DISCOVERY, "DI-T10", name + " is " + PeerProbes.written(addresses)));
            } catch (UnknownHostException e) {
                findings.add(Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T10",
                        "there is no address for " + name,
                        "Look at discovery.dns-names and /etc/resolv.conf, and ask the name server: dig " + name));
            }
        }
        if (!found.isEmpty()) {
            findings.add(reachable(found));
        }
        return findings;
    }

    private Finding reachable(Set<InetAddress> found) {
        var allowed = found.stream()
                .filter(address ->
                        settings.allowed().isEverywhere() || settings.allowed().contains(address))
                .toList();
        if (allowed.isEmpty()) {
            return PeerProbes.outside("the addresses " + PeerProbes.written(List.copyOf(found)), settings.allowed());
        }
        var others = allowed.stream()
                .filter(address -> !peers.isOwn(address))
                .limit(MOST_PEERS)
                .toList();
        if (others.isEmpty()) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T11",
                    "the names lead to this machine alone",
                    "Give the name one address record for each instance.");
        }
        var silent = peers
                .silent(others.stream()
                        .map(address -> new InetSocketAddress(address, settings.bindPort()))
                        .toList())
                .stream()
                .map(InetSocketAddress::getAddress)
                .toList();
        return silent.isEmpty()
                ? Finding.good(Layer.DISCOVERY, "DI-T12", "every one takes connections at port " + settings.bindPort())
                : Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T12",
                        "no connection to " + PeerProbes.written(silent) + " at port " + settings.bindPort(),
                        "Open it in both directions; discovery.bind-port must be the port that they listen on.");
    }
}
