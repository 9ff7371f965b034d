package io.garrison.edge.ha.bypass;

import io.garrison.edge.ha.kernel.Commands;
import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.edge.meter.NftCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel sends new connections straight to the members of a service's pool. It goes on without HAProxy and without
 * an agent. Members see this instance as the client; a loopback member can't be reached. Connections that HAProxy has
 * stay with it. Where the machine did not forward before, it forwards for the bypass only, and as long as there is one.
 *
 * <p>Bytes that pass are counted by the meter's own counters where the kernel counts; as clients see them, so they are the
 * same as with HAProxy.
 */
public final class NftBypass implements BypassPort {

    private static final Logger log = LoggerFactory.getLogger(NftBypass.class);
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final Path NFT = Path.of("/usr/sbin/nft");
    private static final Pattern BYPASS = Pattern.compile("garrison_bypass_[0-9a-f]{32}");

    private final UUID instance;
    private final boolean metered;
    private final String table;
    private final SwitchedForwarding remembered;
    private State state = State.OFF;
    private Set<Forwarding> aimed = Set.of();
    private long lookedAt;

    /**
     * @param metered whether the kernel counts for this instance's meter
     * @param forwarding where it is kept that the machine did not forward before
     */
    public NftBypass(UUID instance, boolean metered, Path forwarding) {
        this.instance = instance;
        this.metered = metered;
        this.remembered = new SwitchedForwarding(forwarding);
        this.table = "garrison_bypass_" + instance.toString().replace("-", "");
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities("nft", Files.isExecutable(NFT), true, metered, false);
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
        var marked = installed();
        var known = union(marked.orElse(Set.of()), remembered.known());
        if (passing.isEmpty() && marked.isEmpty() && known.isEmpty()) {
            throw new IOException("no service has a member that the kernel could send its clients to");
        }
        var switched = EnumSet.noneOf(Forwarding.class);
        switched.addAll(known);
        aimed = passing.stream()
                .map(passage -> Forwarding.of(passage.address()))
                .collect(Collectors.toUnmodifiableSet());
        for (var forwarding : aimed) {
            if (!forwarding.isOn()) {
                switched.add(forwarding);
            }
        }
        remembered.keep(switched);
        if (!marked.orElse(Set.of()).containsAll(switched)) {
            // Nothing is forwarded before what keeps it to the bypass, and nothing is aimed before it is forwarded.
            apply(script(List.of(), switched));
        }
        if (switched.contains(Forwarding.IPV6)) {
            remembered.advertisements().acceptAlways();
        }
        for (var forwarding : switched) {
            forwarding.set(true);
        }
        apply(script(passing, switched));
        state = State.ENGAGED;
        lookedAt = System.nanoTime();
        return new Engaged(passing.stream().map(Passage::service).toList(), left);
    }

    @Override
    public void release() throws IOException {
        if (!Files.isExecutable(NFT)) {
            return;
        }
        var marked = installed();
        var switched = union(marked.orElse(Set.of()), remembered.known());
        var heir = switched.isEmpty() ? Optional.<String>empty() : another();
        if (heir.isEmpty() && !switched.isEmpty()) {
            // What begins now is HAProxy's; what is short and open may end, and is counted.
            if (marked.isPresent()) {
                apply("flush chain inet %s prerouting\n".formatted(table));
            }
            for (var forwarding : switched) {
                forwarding.set(false);
            }
            remembered.advertisements().takeBack();
        }
        var handedOn = heir.map(other -> switched.stream()
                        .map(forwarding -> "add counter inet %s %s\n".formatted(other, forwarding.mark())
                                + guard(other, forwarding))
                        .collect(Collectors.joining()))
                .orElse("");
        apply("add table inet %1$s\ndelete table inet %1$s\n".formatted(table)
                + handedOn
                + (metered ? NftCounters.notForwarded(instance) : ""));
        remembered.forget();
        state = State.OFF;
    }

    /** As the kernel has it: who loads the rules of a firewall anew flushes those of others too. */
    @Override
    public State state() {
        long now = System.nanoTime();
        if (state == State.ENGAGED && now - lookedAt >= LOOK.toNanos()) {
            lookedAt = now;
            try {
                if (!isThere()) {
                    log.warn("Somebody has taken the rules of the bypass, or its forwarding, away");
                    state = State.OFF;
                }
            } catch (IOException e) {
                log.warn("It is not known whether the kernel still lets traffic pass: {}", e.toString());
            }
        }
        return state;
    }

    /** What the bypass of another instance of this machine has handed on is remembered from now on. */
    private boolean isThere() throws IOException {
        var marked = installed();
        var known = remembered.known();
        if (marked.isEmpty() || !marked.get().containsAll(known)) {
            return false;
        }
        remembered.keep(marked.get());
        for (var forwarding : aimed) {
            if (!forwarding.isOn()) {
                return false;
            }
        }
        return true;
    }

    private static Set<Forwarding> union(Set<Forwarding> one, Set<Forwarding> other) {
        var all = EnumSet.noneOf(Forwarding.class);
        all.addAll(one);
        all.addAll(other);
        return all;
    }

    @Override
    public void heartbeat() {}

    private String script(List<Passage> passages, Set<Forwarding> switched) {
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
        switched.forEach(forwarding -> rules.append(guard(table, forwarding)));
        if (metered) {
            rules.append(NftCounters.forwarded(
                    instance,
                    passages.stream()
                            .map(passage -> new Endpoint(passage.service(), passage.address(), passage.port()))
                            .toList()));
        }
        return rules.toString();
    }

    /**
     * This machine forwarded nothing before. What a rule for addresses aims, here or in the table of another instance of
     * this machine, may pass, and its answers; nobody else's packets. The mark is for whoever releases it.
     */
    private static String guard(String table, Forwarding forwarding) {
        return """
                add counter inet %1$s %2$s
                add chain inet %1$s forward { type filter hook forward priority filter; policy accept; }
                add rule inet %1$s forward meta nfproto %3$s ct status dnat accept
                add rule inet %1$s forward meta nfproto %3$s drop
                """.formatted(table, forwarding.mark(), forwarding.protocol());
    }

    /** @return what was switched on for the table, if there is one, by this agent or one before it */
    private Optional<Set<Forwarding>> installed() throws IOException {
        if (tables().noneMatch(table::equals)) {
            return Optional.empty();
        }
        var counters = Commands.run(List.of(NFT.toString(), "list", "counters", "table", "inet", table), "");
        return Optional.of(EnumSet.allOf(Forwarding.class).stream()
                .filter(forwarding -> counters.contains("counter " + forwarding.mark() + " "))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** The bypass of another instance of this machine. */
    private Optional<String> another() throws IOException {
        return tables().filter(other -> !other.equals(table)).findFirst();
    }

    private static Stream<String> tables() throws IOException {
        return Commands.run(List.of(NFT.toString(), "list", "tables", "inet"), "")
                .lines()
                .map(line -> line.replaceFirst("^table inet ", ""))
                .filter(BYPASS.asMatchPredicate());
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

    private static boolean isReachable(String member, String service) {
        var address = InetAddress.ofLiteral(member);
        // No packet has a wildcard as its destination.
        return !address.isLoopbackAddress()
                && !InetAddress.ofLiteral(service).isAnyLocalAddress()
                && family(member).equals(family(service));
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
