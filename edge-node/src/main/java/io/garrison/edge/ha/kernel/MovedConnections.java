package io.garrison.edge.ha.kernel;

import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.VirtualRouter;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the kernel does for connections that were open when a shared address moved here by plan: their packets go on to the
 * peer that has them, which still takes them ({@link LocalRoutes}). Which those are, it knows without this agent: somebody
 * who holds and has a lower priority, as its adverts say, lives and gives up; and what began here, began with a SYN here.
 *
 * <p>No packet is sent on twice: one that comes from a member is taken here.
 */
final class MovedConnections {

    /** How long they may go on: longer than HAProxy keeps one that nobody asks by (timeout http-keep-alive). */
    static final Duration LONGEST = Duration.ofSeconds(35);

    private static final int MOST_PRIORITY = 255;

    /** Nobody has so little by plan: who says so has lowered itself, and is no standby that took over as well. */
    private static final int LOWERED = 50;

    private final String table;
    private final List<Heir> heirs = new ArrayList<>();

    /** @param ways shared addresses by the device on which the peer can be reached */
    private record Heir(VirtualRouter router, InetAddress peer, Map<String, List<InetAddress>> ways) {
        Family family() {
            return Family.of(peer);
        }
    }

    /** @param onLink whether an address is in the network of a device */
    MovedConnections(String table, InstancePlan plan, BiPredicate<String, InetAddress> onLink) {
        this.table = table;
        for (var router : plan.routers()) {
            for (var member : plan.members()) {
                var literal = member.address();
                if (member.instanceId().equals(plan.instanceId()) || literal == null || !isLiteral(literal)) {
                    continue;
                }
                var peer = InetAddress.ofLiteral(literal);
                var ways = ways(router, peer, onLink);
                if (!ways.isEmpty()) {
                    heirs.add(new Heir(router, peer, ways));
                }
            }
        }
    }

    private static Map<String, List<InetAddress>> ways(
            VirtualRouter router, InetAddress peer, BiPredicate<String, InetAddress> onLink) {
        var ways = new LinkedHashMap<String, List<InetAddress>>();
        for (VirtualAddress one : router.addresses()) {
            var address = InetAddress.ofLiteral(one.address());
            var named = one.device();
            var device = named == null ? router.device() : named;
            if (Family.of(address) == Family.of(peer) && onLink.test(device, peer)) {
                ways.computeIfAbsent(device, name -> new ArrayList<>()).add(address);
            }
        }
        return ways;
    }

    boolean isEmpty() {
        return heirs.isEmpty();
    }

    /**
     * Names of sets about one peer.
     *
     * @param lowers not empty while it holds and has lowered itself
     * @param yields the same while it holds and has a lower priority, lowered or not
     * @param left not empty while its connections are sent on
     */
    record Sets(String lowers, String yields, String left) {
        static Sets of(int heir) {
            return new Sets("lowers_" + heir, "yields_" + heir, "left_" + heir);
        }
    }

    /** Of one router. */
    List<Sets> sets(String router) {
        return IntStream.range(0, heirs.size())
                .filter(i -> heirs.get(i).router().name().equals(router))
                .mapToObj(Sets::of)
                .toList();
    }

    /** @param fresh how long an advert says that somebody lives */
    String script(Duration fresh) {
        var rules = new StringBuilder(
                "add table netdev %1$s\ndelete table netdev %1$s\ntable netdev %1$s {\n".formatted(table));
        rules.append("set members { type ether_addr; size 1024; flags dynamic,timeout; timeout 1m; }\n");
        for (var family : Family.values()) {
            rules.append("set own_%s { type %s . inet_service . %2$s . inet_service; size 1048576;"
                    .formatted(family.word(), family.type()));
            rules.append(" flags dynamic,timeout; timeout %ds; }\n".formatted(2 * LONGEST.toSeconds()));
        }
        for (int i = 0; i < heirs.size(); i++) {
            rules.append(set("lowers_" + i, fresh)).append(set("yields_" + i, fresh));
            rules.append(set("left_" + i, LONGEST));
            rules.append("set gives_up_%d { type pkt_type; size 4; }\n".formatted(i));
            rules.append(onward(i));
        }
        rules.append(adverts()).append(moved()).append(entry()).append("}\n");
        return rules.toString();
    }

    private static String set(String name, Duration timeout) {
        return "set %s { type pkt_type; size 4; flags dynamic,timeout; timeout %dms; }\n"
                .formatted(name, timeout.toMillis());
    }

    /**
     * An instance that gives up hears a priority that is lower than its own of the plan from the peer that relieves it. That
     * peer does not give up, and what is open here stays here.
     *
     * @param routers that this instance leaves to a peer; no others
     */
    String givingUp(Set<String> routers) {
        var lines = new StringBuilder();
        for (int i = 0; i < heirs.size(); i++) {
            lines.append("flush set netdev %s gives_up_%d\n".formatted(table, i));
            if (routers.contains(heirs.get(i).router().name())) {
                lines.append("flush set netdev %s lowers_%d\n".formatted(table, i));
                lines.append("flush set netdev %1$s yields_%2$d\nadd element netdev %1$s gives_up_%2$d { host }\n"
                        .formatted(table, i));
            }
        }
        return lines.toString();
    }

    private String onward(int i) {
        var heir = heirs.get(i);
        var key = heir.family().key();
        var own = "@own_" + heir.family().word();
        var chains = new StringBuilder();
        int way = 0;
        for (var device : heir.ways().keySet()) {
            chains.append("""
                chain onward_%1$d_%2$d {
                tcp flags & (fin | syn | rst | ack) == syn update %3$s { %4$s } accept
                tcp flags & (fin | syn | rst | ack) == syn accept
                %4$s %3$s update %3$s { %4$s } accept
                fwd %5$s to %6$s device "%7$s"
                }
                """.formatted(
                    i, way++, own, key, heir.family().word(), heir.peer().getHostAddress(), device));
        }
        return chains.toString();
    }

    private String adverts() {
        var chain = new StringBuilder("chain adverts {\n");
        for (int i = 0; i < heirs.size(); i++) {
            var heir = heirs.get(i);
            var from = heir.family().word() + " saddr " + heir.peer().getHostAddress();
            int most = Math.min(heir.router().priority(), MOST_PRIORITY) - 1;
            chain.append(lower(from, heir, "lowers_" + i, Math.min(LOWERED, most), i));
            chain.append(lower(from, heir, "yields_" + i, most, i));
            chain.append(from).append(" update @members { ether saddr }\n");
        }
        return chain.append("}\n").toString();
    }

    /** @param most priority that counts as lower; what this instance itself has when it gives up does not count then */
    private static String lower(String from, Heir heir, String set, int most, int i) {
        int given = Math.max(1, Math.min(heir.router().priority(), MOST_PRIORITY) + OpenConnections.YIELDING);
        var rules = new StringBuilder();
        if (given > 1) {
            rules.append(adds(from, heir, range(1, Math.min(given - 1, most)), "", set));
        }
        if (most >= given) {
            rules.append(adds(from, heir, range(given, most), "meta pkttype != @gives_up_%d ".formatted(i), set));
        }
        return rules.toString();
    }

    private static String adds(String from, Heir heir, String priorities, String unless, String set) {
        return "%s @th,8,8 %d @th,16,8 %s %supdate @%s { meta pkttype }\n"
                .formatted(from, heir.router().id(), priorities, unless, set);
    }

    /** nft knows no range of one. */
    private static String range(int from, int to) {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }

    private String moved() {
        var chain = new StringBuilder("chain moved {\n");
        for (var family : Family.values()) {
            // Who sends it on may do so because it is ours, from the time before.
            chain.append("ether saddr @members update @own_%s { %s } accept\n".formatted(family.word(), family.key()));
        }
        chain.append("ether saddr @members accept\n");
        // Of several, the one that gives up now: an earlier holder's are sent on only as long as nobody does.
        chain.append(onwards("lowers_", true)).append(onwards("yields_", true)).append(onwards("left_", false));
        return chain.append("}\n").toString();
    }

    private String onwards(String sets, boolean begins) {
        var rules = new StringBuilder();
        for (int i = 0; i < heirs.size(); i++) {
            int way = 0;
            for (var entry : heirs.get(i).ways().entrySet()) {
                var to = "iifname \"%s\" %s daddr { %s } meta pkttype @%s%d"
                        .formatted(entry.getKey(), heirs.get(i).family().word(), literals(entry.getValue()), sets, i);
                if (begins) {
                    rules.append("%s add @left_%d { meta pkttype }\n".formatted(to, i));
                }
                rules.append("%s goto onward_%d_%d\n".formatted(to, i, way++));
            }
        }
        return rules.toString();
    }

    private String entry() {
        var devices = new TreeSet<String>();
        heirs.forEach(heir -> {
            devices.add(heir.router().device());
            devices.addAll(heir.ways().keySet());
        });
        var chain =
                new StringBuilder("chain in { type filter hook ingress devices = { %s } priority 0; policy accept;\n"
                        .formatted(
                                devices.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "))));
        for (var family : Family.values()) {
            var shared = heirs.stream()
                    .filter(heir -> heir.family() == family)
                    .flatMap(heir -> heir.ways().values().stream().flatMap(List::stream))
                    .distinct()
                    .toList();
            if (!shared.isEmpty()) {
                chain.append(family.protocol()).append(" 112 goto adverts\n");
                chain.append("%s daddr { %s } %s 6 meta pkttype host goto moved\n"
                        .formatted(family.word(), literals(shared), family.protocol()));
            }
        }
        return chain.append("}\n").toString();
    }

    private static String literals(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }

    private static boolean isLiteral(String text) {
        try {
            var unused = InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Makes these connections known as this instance's own, and no others. */
    static String own(String table, List<OpenSockets.Connection> connections) {
        var flush = "flush set netdev %1$s own_ip\nflush set netdev %1$s own_ip6\n".formatted(table);
        return connections.stream()
                .map(one -> "add element netdev %s own_%s { %s . %d . %s . %d }\n"
                        .formatted(
                                table,
                                Family.of(one.address()).word(),
                                one.client().getHostAddress(),
                                one.clientPort(),
                                one.address().getHostAddress(),
                                one.port()))
                .collect(Collectors.joining("", flush, ""));
    }

    static String table(UUID instance) {
        return "garrison_moved_" + instance.toString().replace("-", "");
    }
}
