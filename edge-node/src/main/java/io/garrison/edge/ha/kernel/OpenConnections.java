package io.garrison.edge.ha.kernel;

import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are open when a shared address moves by plan: they go on where they are, and packets get there by way
 * of the new holder. Belongs to one thread.
 */
public final class OpenConnections {

    /** How long they may go on. */
    public static final Duration LONGEST = MovedConnections.LONGEST;

    /** What an instance that leaves its addresses to a peer adds to its priority of the plan. */
    public static final int YIELDING = -100;

    /** What takes a fraction of a second. */
    private static final int MOST_REMEMBERED = 20_000;

    private static final Path NFT = Path.of("/usr/sbin/nft");

    private final String table;
    private final LocalRoutes routes;
    private final ArpAnswers arp;
    private @Nullable MovedConnections rules;
    private String installed = "";
    private boolean silent;

    /** @param arp where it is kept what ARP was told of devices */
    public OpenConnections(UUID instance, Path arp) {
        this.arp = new ArpAnswers(arp);
        table = MovedConnections.table(instance);
        routes = new LocalRoutes(instance);
    }

    public static boolean isPossible() {
        return Files.isExecutable(NFT);
    }

    /** @throws IOException if connections break when addresses move, because this machine does not take the rules */
    public void follow(InstancePlan plan) throws IOException {
        var next = new MovedConnections(table, plan, OpenConnections::isOnLink);
        var script =
                next.isEmpty() ? "" : next.script(Duration.ofMillis(plan.ha().detectionMs()));
        if (script.equals(installed)) {
            return;
        }
        // Who would say that it has an address that it only takes packets for must not take them.
        silent = false;
        rules = null;
        installed = "";
        for (var router : plan.routers()) {
            for (var address : router.addresses()) {
                arp.onlyOfItsOwn(Objects.requireNonNullElse(address.device(), router.device()));
            }
        }
        silent = true;
        nft(script.isEmpty() ? gone() : script);
        rules = next;
        installed = script;
    }

    /** Somebody may have flushed all rules, as who loads those of a firewall anew does. @return whether they were made again */
    public boolean restore() throws IOException {
        if (installed.isEmpty() || isThere()) {
            return false;
        }
        nft(installed);
        return true;
    }

    private boolean isThere() throws IOException {
        return nft("list tables netdev\n").lines().anyMatch(("table netdev " + table)::equals);
    }

    /** To be called before keepalived is told. @param routers that this instance leaves to a peer; no others */
    public void givingUp(Set<String> routers) throws IOException {
        var known = rules;
        if (known != null) {
            nft(known.givingUp(routers));
        }
    }

    /** Packets for these are taken, even if they are on no device; for no others. */
    public void take(Set<InetAddress> addresses) throws IOException {
        routes.keep(silent ? addresses : Set.of());
    }

    /**
     * This instance holds a router now; if that was by plan, what its former holder has goes on, also if it is idle yet. That
     * is who has lowered itself, if anybody has: another standby may have taken over for a moment as well. What an earlier
     * holder has can't go on any more.
     */
    public void took(String router) throws IOException {
        var known = rules;
        if (known == null) {
            return;
        }
        var sets = known.sets(router);
        var former = filled(sets, MovedConnections.Sets::lowers);
        if (former.isEmpty()) {
            former = filled(sets, MovedConnections.Sets::yields);
        }
        if (former.isEmpty()) {
            return;
        }
        var script = new StringBuilder();
        for (var one : sets) {
            script.append(
                    former.contains(one)
                            ? "add element netdev %s %s { host }\n".formatted(table, one.left())
                            : "flush set netdev %1$s %2$s\nflush set netdev %1$s %3$s\n"
                                    .formatted(table, one.yields(), one.left()));
        }
        nft(script.toString());
    }

    /** Those of which the set has elements. nft lists one set at a time. */
    private List<MovedConnections.Sets> filled(
            List<MovedConnections.Sets> sets, Function<MovedConnections.Sets, String> which) throws IOException {
        var filled = new ArrayList<MovedConnections.Sets>();
        for (var one : sets) {
            if (nft("list set netdev %s %s\n".formatted(table, which.apply(one)))
                    .contains("elements")) {
                filled.add(one);
            }
        }
        return filled;
    }

    /**
     * One of these addresses has left. Should it be back soon, the kernel knows what is this instance's own: what is open now,
     * even if it was idle meanwhile, and not what has ended; a client may have begun with a peer from the same port.
     */
    public void left(Set<InetAddress> addresses) throws IOException {
        if (!installed.isEmpty()) {
            nft(MovedConnections.own(table, OpenSockets.at(addresses, MOST_REMEMBERED)));
        }
    }

    /** Takes everything back. */
    public void end() throws IOException {
        routes.keep(Set.of());
        nft(gone());
        rules = null;
        installed = "";
        arp.takeBack();
    }

    private String gone() {
        return "add table netdev %1$s\ndelete table netdev %1$s\n".formatted(table);
    }

    private static String nft(String script) throws IOException {
        return Commands.run(List.of(NFT.toString(), "-f", "-"), script);
    }

    private static boolean isOnLink(String device, InetAddress peer) {
        try {
            var found = NetworkInterface.getByName(device);
            return found != null
                    && found.getInterfaceAddresses().stream()
                            .anyMatch(own -> isWithin(own.getAddress(), own.getNetworkPrefixLength(), peer));
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isWithin(InetAddress own, int prefixLength, InetAddress peer) {
        byte[] one = own.getAddress();
        byte[] other = peer.getAddress();
        return one.length == other.length
                && prefixLength < one.length * 8
                && Arrays.equals(one, 0, prefixLength / 8, other, 0, prefixLength / 8)
                && IntStream.range(prefixLength / 8 * 8, prefixLength)
                        .allMatch(bit -> bit(one, bit) == bit(other, bit));
    }

    private static int bit(byte[] address, int bit) {
        return address[bit / 8] >> 7 - bit % 8 & 1;
    }
}
