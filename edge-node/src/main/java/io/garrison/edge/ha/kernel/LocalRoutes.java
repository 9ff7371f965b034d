package io.garrison.edge.ha.kernel;

import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Lets the kernel take packets for addresses that are on none of its devices any more. Each instance has a metric of its
 * own, by which it finds what an earlier agent has left.
 */
final class LocalRoutes {

    /** The package's scripts know it as well. */
    private static final int FIRST_METRIC = 1 << 30;

    private static final List<String> FAMILIES = List.of("-4", "-6");

    private final String metric;

    LocalRoutes(UUID instance) {
        var digest = ProtocolJson.sha256Hex(instance.toString());
        metric = Integer.toString(FIRST_METRIC + Integer.parseInt(digest.substring(0, 6), 16));
    }

    /** These and no others. */
    void keep(Set<InetAddress> wanted) throws IOException {
        for (var family : FAMILIES) {
            var own = wanted.stream()
                    .filter(address -> family(address).equals(family))
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.toSet());
            var there = there(family);
            for (var address : minus(there, own)) {
                change(family, "del", address);
            }
            for (var address : minus(own, there)) {
                change(family, "add", address);
            }
        }
    }

    private Set<String> there(String family) throws IOException {
        return Iproute.run(family, "-o", "route", "show", "table", "local", "type", "local", "dev", "lo")
                .lines()
                .map(line -> List.of(line.strip().split("\\s+")))
                .filter(words -> words.size() > 3 && words.contains(metric))
                .map(words -> InetAddress.ofLiteral(words.get(words.indexOf("local") + 1))
                        .getHostAddress())
                .collect(Collectors.toSet());
    }

    private void change(String family, String verb, String address) throws IOException {
        var unused =
                Iproute.run(family, "route", verb, "local", address, "dev", "lo", "table", "local", "metric", metric);
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        var rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static String family(InetAddress address) {
        return address.getAddress().length == 4 ? "-4" : "-6";
    }
}
