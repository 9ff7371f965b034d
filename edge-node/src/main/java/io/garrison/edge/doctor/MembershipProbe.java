package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.state.DiscoveryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the running agent says of its peers: who is there, who comes and goes, and whether they are heard. */
final class MembershipProbe {

    /** A restart or an update of a peer is one; so is a cable that is moved. */
    private static final int FLAPPING = 3;

    private final @Nullable Running running;
    private final DiscoverySettings discovery;

    MembershipProbe(@Nullable Running running, DiscoverySettings discovery) {
        this.running = running;
        this.discovery = discovery;
    }

    List<Finding> look() {
        var status = running == null ? null : running.cluster();
        if (running == null || status == null) {
            return List.of(Finding.skipped(Layer.MEMBERSHIP, "DI-T20", "only an agent that runs knows its peers"));
        }
        var findings = new ArrayList<Finding>();
        if (Boolean.TRUE.equals(status.get("cluster_enabled"))) {
            findings.add(members(status));
            findings.add(steadiness(status));
        } else {
            findings.add(Finding.skipped(Layer.MEMBERSHIP, "DI-T20", "the agent that runs talks to no peers"));
        }
        findings.add(messages(running, status));
        return findings;
    }

    private static Finding members(Map<String, Object> status) {
        int members = number(status.get("members"));
        int healthy = number(status.get("healthy_members"));
        if (healthy >= members) {
            return Finding.good(
                    Layer.MEMBERSHIP,
                    "DI-T20",
                    members > 1 ? members + " members, all healthy" : "no other member belongs to it");
        }
        if (healthy <= 1) {
            return Finding.bad(
                    Layer.MEMBERSHIP,
                    "DI-T19",
                    "this instance is alone, and the stack has " + members,
                    "What is bad on lower layers tells why. If nothing is, run this at a peer.");
        }
        var troubled = peers(status).stream()
                .filter(peer -> !"healthy".equals(peer.get("status")))
                .map(peer -> peer.get("name") + " " + peer.get("status"))
                .toList();
        return Finding.bad(
                Layer.MEMBERSHIP,
                "DI-T20",
                healthy + " of " + members + " members are healthy: " + String.join(", ", troubled),
                "Look at those; each needs the port for peers in both directions. In a split both sides say this: mend"
                        + " the network, they join by themselves.");
    }

    /** DI-T18 where mDNS is how members find each other, else DI-T22. */
    private Finding steadiness(Map<String, Object> status) {
        boolean multicast = discovery.enabled() && discovery.type() == DiscoveryType.MDNS;
        var id = multicast ? "DI-T18" : "DI-T22";
        var flapping = peers(status).stream()
                .filter(peer -> number(peer.get("falls")) >= FLAPPING)
                .map(peer -> peer.get("name") + " " + number(peer.get("falls")) + " times")
                .toList();
        if (flapping.isEmpty()) {
            return Finding.good(Layer.MEMBERSHIP, id, "no member comes and goes");
        }
        return Finding.bad(
                Layer.MEMBERSHIP,
                id,
                "members come and go, within " + minutes(status) + " minutes: " + String.join(", ", flapping),
                "Look for lost packets (ping, ethtool -S) and for processors and memory that are short there; raise"
                        + " gossip.timeout-seconds or gossip.failure-threshold on a slow network."
                        + (multicast
                                ? " A network that loses multicast is better served by another discovery.type."
                                : ""));
    }

    private static Finding messages(Running running, Map<String, Object> status) {
        int overflows = status.get("lately") instanceof Map<?, ?> lately ? number(lately.get("overflows")) : 0;
        if (overflows > 0) {
            return Finding.bad(
                    Layer.MEMBERSHIP,
                    "DI-T23",
                    overflows + " questions among members found no room within " + minutes(status) + " minutes",
                    "Members answer too slowly: look at processors and memory at each, and at the network between.");
        }
        return running.sharing().isEmpty()
                ? Finding.good(Layer.MEMBERSHIP, "DI-T23", "what members tell each other arrives")
                : Finding.bad(
                        Layer.MEMBERSHIP,
                        "DI-T23",
                        "shared tables do not pass: " + String.join(" ", running.sharing()),
                        "Open the ports for peers and for tables (the next one above) in both directions between all"
                                + " members.");
    }

    private static long minutes(Map<String, Object> status) {
        return status.get("lately") instanceof Map<?, ?> lately ? number(lately.get("window_seconds")) / 60 : 0;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> peers(Map<String, Object> status) {
        return status.get("peers") instanceof List<?> peers
                ? peers.stream()
                        .filter(Map.class::isInstance)
                        .map(peer -> (Map<String, Object>) peer)
                        .toList()
                : List.of();
    }

    private static int number(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : 0;
    }
}
