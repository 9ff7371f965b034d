package io.garrison.edge.ha.bypass;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.edge.meter.NftCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The kernel sends new connections straight to the members of a service's pool. It goes on without HAProxy and without
 * an agent. Members see this instance as the client; a loopback member can't be reached. Connections that HAProxy has
 * stay with it.
 *
 * <p>Bytes that pass are counted by the meter's own counters where the kernel counts; as clients see them, so they are the
 * same as with HAProxy.
 */
public final class NftBypass implements BypassPort {

    private static final Path NFT = Path.of("/usr/sbin/nft");
    private static final Path FORWARD_4 = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final Path FORWARD_6 = Path.of("/proc/sys/net/ipv6/conf/all/forwarding");

    private final UUID instance;
    private final boolean metered;
    private final String table;
    private State state = State.OFF;

    /** @param metered whether the kernel counts for this instance's meter */
    public NftBypass(UUID instance, boolean metered) {
        this.instance = instance;
        this.metered = metered;
        this.table = "garrison_bypass_" + instance.toString().replace("-", "");
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities("nft", Files.isExecutable(NFT), true, metered);
    }

    @Override
    public Engaged engage(List<Passage> passages) throws IOException {
        var passing = new ArrayList<Passage>();
        var left = new ArrayList<String>();
        for (var passage : passages) {
            var reachable = passage.members().stream()
                    .filter(member -> isReachable(member.address(), passage.address()))
                    .toList();
            if (reachable.isEmpty()) {
                left.add(passage.service());
            } else {
                passing.add(new Passage(passage.service(), passage.address(), passage.port(), reachable));
            }
        }
        if (passing.isEmpty()) {
            throw new IOException("no service has a member that the kernel could send its clients to");
        }
        forward(passing);
        apply(script(passing));
        state = State.ENGAGED;
        return new Engaged(passing.stream().map(Passage::service).toList(), left);
    }

    @Override
    public void release() throws IOException {
        apply("add table inet %1$s\ndelete table inet %1$s\n".formatted(table)
                + (metered ? NftCounters.notForwarded(instance) : ""));
        state = State.OFF;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public void heartbeat() {}

    private String script(List<Passage> passages) {
        var rules =
                new StringBuilder("add table inet %1$s\ndelete table inet %1$s\ntable inet %1$s {\n".formatted(table));
        rules.append("chain prerouting { type nat hook prerouting priority dstnat; policy accept;\n");
        passages.forEach(passage -> rules.append(redirect(passage)));
        rules.append("}\nchain postrouting { type nat hook postrouting priority srcnat; policy accept;\n");
        for (var passage : passages) {
            rules.append("ct status dnat ct original %s daddr %s meta l4proto tcp ct original proto-dst %d masquerade\n"
                    .formatted(family(passage.address()), literal(passage.address()), passage.port()));
        }
        rules.append("}\n}\n");
        if (metered) {
            rules.append(NftCounters.forwarded(
                    instance,
                    passages.stream()
                            .map(passage -> new Endpoint(passage.service(), passage.address(), passage.port()))
                            .toList()));
        }
        return rules.toString();
    }

    /** Only what begins now: connections in the middle belong to HAProxy. */
    private static String redirect(Passage passage) {
        var family = family(passage.address());
        var members = passage.members();
        var targets = IntStream.range(0, members.size())
                .mapToObj(i -> i + " : " + literal(members.get(i).address()) + " . "
                        + members.get(i).port())
                .collect(Collectors.joining(", "));
        return "%s daddr %s tcp dport %d tcp flags & (fin | syn | rst | ack) == syn dnat %s to numgen inc mod %d map { %s }\n"
                .formatted(family, literal(passage.address()), passage.port(), family, members.size(), targets);
    }

    /** The machine keeps this afterwards; who is to know who else needs it by then. */
    private static void forward(List<Passage> passages) throws IOException {
        for (var passage : passages) {
            var file = family(passage.address()).equals("ip") ? FORWARD_4 : FORWARD_6;
            if (!Files.readString(file).startsWith("1")) {
                Files.writeString(file, "1\n");
            }
        }
    }

    private static boolean isReachable(String member, String service) {
        var address = InetAddress.ofLiteral(member);
        return !address.isLoopbackAddress() && family(member).equals(family(service));
    }

    private static String family(String address) {
        return InetAddress.ofLiteral(address).getAddress().length == 4 ? "ip" : "ip6";
    }

    /** Parsed and printed again: no text of a policy reaches the rules. */
    private static String literal(String address) {
        return InetAddress.ofLiteral(address).getHostAddress().replaceFirst("%.*", "");
    }

    private static void apply(String script) throws IOException {
        Commands.run(List.of(NFT.toString(), "-f", "-"), script);
    }
}
