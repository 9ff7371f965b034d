package io.garrison.edge.meter;

import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts IP bytes at the services with named counters of nftables, in a table of this instance. The kernel counts on
 * whatever becomes of HAProxy or of this agent, so the table is left in place when the agent ends.
 *
 * <p>A loopback or wildcard address does not belong to one instance alone; such a service is not counted here. No text
 * of the policy reaches the rules: names are digests, addresses are parsed and printed again.
 */
public final class NftCounters implements ByteCounters {

    private static final Logger log = LoggerFactory.getLogger(NftCounters.class);
    private static final Path NFT = Path.of("/usr/sbin/nft");
    private static final Pattern COUNTER = Pattern.compile("\\s*counter (\\w+) \\{");
    private static final Pattern VALUE = Pattern.compile("\\s*packets \\d+ bytes (\\d+)");

    private final Nft nft;
    private final String table;
    private Map<String, String> services = Map.of();
    private Map<String, String> former = Map.of();

    /** @param nft the program, with whatever has to come before it */
    private NftCounters(List<String> nft, String table) {
        this.nft = new Nft(nft, Nft.PATIENCE);
        this.table = table;
    }

    /** @return nothing if this user, or this machine, can't count in the kernel */
    public static Optional<NftCounters> open(UUID instance) {
        return program().flatMap(nft -> open(nft, instance));
    }

    static Optional<NftCounters> open(List<String> nft, UUID instance) {
        var counters = new NftCounters(nft, table(instance));
        try {
            counters.apply(made(counters.table));
            return Optional.of(counters);
        } catch (IOException e) {
            log.info("The kernel does not count for this agent: {}", e.getMessage());
            return Optional.empty();
        }
    }

    static NftCounters of(List<String> nft, UUID instance) {
        return new NftCounters(nft, table(instance));
    }

    static Optional<List<String>> program() {
        return Files.isExecutable(NFT) ? Optional.of(List.of(NFT.toString())) : Optional.empty();
    }

    static String table(UUID instance) {
        return "garrison_" + instance.toString().replace("-", "");
    }

    private static String name(String service) {
        return "s" + ProtocolJson.sha256Hex(service).substring(0, 24);
    }

    @Override
    public Set<String> follow(List<Endpoint> endpoints) throws IOException {
        var names = new HashMap<String, String>();
        var rules = new StringBuilder();
        for (var endpoint : endpoints) {
            if (!endpoint.isOwn()) {
                continue;
            }
            var address = InetAddress.ofLiteral(endpoint.address());
            var name = name(endpoint.service());
            names.put(name, endpoint.service());
            var family = address.getAddress().length == 4 ? "ip" : "ip6";
            var literal = address.getHostAddress().replaceFirst("%.*", "");
            for (var direction : List.of("in", "out")) {
                rules.append("add counter inet %s %s_%s\n".formatted(table, name, direction));
            }
            rules.append("add rule inet %s input %s daddr %s tcp dport %d counter name %s_in\n"
                    .formatted(table, family, literal, endpoint.port(), name));
            rules.append("add rule inet %s output %s saddr %s tcp sport %d counter name %s_out\n"
                    .formatted(table, family, literal, endpoint.port(), name));
        }
        // One transaction: there is no moment in which a packet is not counted.
        apply(emptied(table) + rules);
        var gone = new HashMap<>(former);
        gone.putAll(services);
        former = Map.copyOf(gone);
        services = Map.copyOf(names);
        return Set.copyOf(names.values());
    }

    @Override
    public void forget(String service) throws IOException {
        var counter = "counter inet " + table + " " + name(service);
        // Made first, because nft takes nothing away that is not there.
        apply("add %1$s_in\nadd %1$s_out\ndelete %1$s_in\ndelete %1$s_out\n".formatted(counter));
    }

    /** With a counter of nothing: of a table without any nft says nothing, and who reads would wait for the end of it. */
    private static String made(String table) {
        return "add table inet %1$s\nadd counter inet %1$s present\n".formatted(table);
    }

    /** Script for a table that counts nothing any more; its counters stay as they are. */
    static String emptied(String table) {
        return made(table) + """
                add chain inet %1$s input { type filter hook input priority -250; policy accept; }
                add chain inet %1$s output { type filter hook output priority -250; policy accept; }
                flush chain inet %1$s input
                flush chain inet %1$s output
                """.formatted(table);
    }

    @Override
    public Map<String, Counts> read() throws IOException {
        var named = new HashMap<>(former);
        named.putAll(services);
        var counts = read(named);
        former = Map.of();
        return counts;
    }

    /** The counters of services by which there once was a rule, followed or not. */
    Map<String, Counts> read(Set<String> wanted) throws IOException {
        return read(wanted.stream().collect(Collectors.toMap(NftCounters::name, service -> service)));
    }

    private Map<String, Counts> read(Map<String, String> named) throws IOException {
        var bytes = new HashMap<String, Long>();
        String counter = "";
        for (var line : nft.ask("list counters table inet " + table)) {
            var name = COUNTER.matcher(line);
            var value = VALUE.matcher(line);
            if (name.matches()) {
                counter = name.group(1);
            } else if (value.matches()) {
                bytes.put(counter, Long.parseLong(value.group(1)));
            }
        }
        var counts = new HashMap<String, Counts>();
        named.forEach((name, service) -> {
            var in = bytes.get(name + "_in");
            var out = bytes.get(name + "_out");
            if (in != null && out != null) {
                counts.put(service, new Counts(in, out, 0, 0));
            }
        });
        return counts;
    }

    /**
     * Rules that count, with the counters of these services, what the kernel forwards of them instead of HAProxy: each
     * packet once, with the length that clients see.
     */
    public static String forwarded(UUID instance, List<Endpoint> endpoints) {
        var table = table(instance);
        // Somebody may have flushed all tables; the meter makes its own again.
        var rules = new StringBuilder(made(table) + """
                add chain inet %1$s forward { type filter hook forward priority -250; policy accept; }
                flush chain inet %1$s forward
                """.formatted(table));
        for (var endpoint : endpoints) {
            var address = InetAddress.ofLiteral(endpoint.address());
            var family = address.getAddress().length == 4 ? "ip" : "ip6";
            var literal = address.getHostAddress().replaceFirst("%.*", "");
            for (var direction : List.of("in", "out")) {
                rules.append("add counter inet %s %s_%s\n".formatted(table, name(endpoint.service()), direction));
                rules.append(
                        "add rule inet %s forward ct status dnat ct original %s daddr %s meta l4proto tcp ct original proto-dst %d ct direction %s counter name %s_%s\n"
                                .formatted(
                                        table,
                                        family,
                                        literal,
                                        endpoint.port(),
                                        direction.equals("in") ? "original" : "reply",
                                        name(endpoint.service()),
                                        direction));
            }
        }
        return rules.toString();
    }

    /** Takes the rules of {@link #forwarded} away; the counters stay. */
    public static String notForwarded(UUID instance) {
        var table = table(instance);
        return made(table) + """
                add chain inet %1$s forward { type filter hook forward priority -250; policy accept; }
                delete chain inet %1$s forward
                """.formatted(table);
    }

    /** Takes the table of an instance that is no more away, if there is one and this user may. */
    public static void remove(UUID instance) {
        program().ifPresent(nft -> {
            try {
                of(nft, instance).delete();
            } catch (IOException e) {
                log.debug("No table of {} to take away: {}", instance, e.getMessage());
            }
        });
    }

    /** Takes the table away, for an instance that is no more. */
    void delete() throws IOException {
        close();
        apply("delete table inet " + table + "\n");
    }

    @Override
    public void close() {
        nft.close();
    }

    void apply(String script) throws IOException {
        nft.run(script, "-f", "-");
    }

    /** The table as a script would make it. */
    String listed() throws IOException {
        return nft.run("", "list", "table", "inet", table);
    }
}
