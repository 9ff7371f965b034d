package io.garrison.edge.meter;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel's counters of an instance that leaves. */
public final class NftHandOver {

    private static final Logger log = LoggerFactory.getLogger(NftHandOver.class);
    private static final Pattern CHAIN = Pattern.compile("\\s*chain (\\w+) \\{");
    private static final Pattern RULE = Pattern.compile("\\s*(.* counter name \"?(s[0-9a-f]{24}_(?:in|out))\"?)\\s*");

    private NftHandOver() {}

    /**
     * @param counts of all that the instance has counted since its table was made, by service
     * @param whole whether nothing can have passed that is not in them
     */
    public record Counted(Map<String, Counts> counts, boolean whole) {}

    /**
     * Takes all rules from the one and gives them to the other in one transaction, so that each packet is counted by one
     * of the two. The table of the former stays with its counters until {@link NftCounters#remove}.
     *
     * @param next null if nobody serves on
     * @param services that may have been counted
     * @return nothing if there is no table, or this user may not
     */
    public static Optional<Counted> of(UUID former, @Nullable UUID next, Set<String> services) {
        return NftCounters.program().flatMap(nft -> of(nft, former, next, services));
    }

    static Optional<Counted> of(List<String> nft, UUID former, @Nullable UUID next, Set<String> services) {
        try (var counters = NftCounters.of(nft, former)) {
            var listed = counters.listed();
            var script = NftCounters.emptied(NftCounters.table(former));
            counters.apply(next == null ? script : script + moved(listed, NftCounters.table(next)));
            // What is forwarded past HAProxy is counted in a chain that goes by itself, a little later.
            return Optional.of(new Counted(counters.read(services), !listed.contains("chain forward")));
        } catch (IOException e) {
            log.info("No kernel counters of {} to take over: {}", former, e.getMessage());
            return Optional.empty();
        }
    }

    private static String moved(String listed, String table) {
        var script = new StringBuilder(NftCounters.emptied(table));
        String chain = "";
        for (var line : listed.lines().toList()) {
            var begins = CHAIN.matcher(line);
            var rule = RULE.matcher(line);
            if (begins.matches()) {
                chain = begins.group(1);
            } else if (rule.matches() && !chain.equals("forward")) {
                script.append("add counter inet %s %s\n".formatted(table, rule.group(2)));
                script.append("add rule inet %s %s %s\n".formatted(table, chain, rule.group(1)));
            }
        }
        return script.toString();
    }
}
