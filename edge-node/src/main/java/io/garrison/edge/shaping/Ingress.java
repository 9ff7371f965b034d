package io.garrison.edge.shaping;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Leads what clients send to the targets by way of another device, in a table of nftables of this instance. */
record Ingress(Program nft, KernelNames names) {

    /**
     * In one step, so that no packet gets by.
     *
     * @return the table as the kernel shows it from now on
     */
    String lead(List<String> devices, List<Target> targets) throws IOException {
        if (devices.isEmpty()) {
            leave();
            return shown();
        }
        var quoted = devices.stream().map(device -> "\"" + device + "\"").collect(Collectors.joining(", "));
        // What is tagged belongs to another device, at which it comes by again.
        nft.feed(
                """
                add table netdev %1$s
                delete table netdev %1$s
                table netdev %1$s {
                    set v4 { type ipv4_addr . inet_service; %2$s }
                    set v6 { type ipv6_addr . inet_service; %3$s }
                    chain clients {
                        type filter hook ingress devices = { %4$s } priority -10; policy accept;
                        ether type { 8021q, 8021ad } accept
                        ip daddr . tcp dport @v4 fwd to "%5$s"
                        ip6 daddr . tcp dport @v6 fwd to "%5$s"
                    }
                }
                """.formatted(names.table(), elements(targets, true), elements(targets, false), quoted, names.in()),
                "-f",
                "-");
        return shown();
    }

    /** The table as it is; empty if it is not there. */
    String shown() throws IOException {
        try {
            return nft.run("list", "table", "netdev", names.table());
        } catch (LimitRefusedException e) {
            return "";
        }
    }

    void leave() throws IOException {
        nft.feed("add table netdev %1$s\ndelete table netdev %1$s\n".formatted(names.table()), "-f", "-");
    }

    private static String elements(List<Target> targets, boolean v4) {
        var elements = targets.stream()
                .filter(target -> target.isV4() == v4)
                .map(Target::nftElement)
                .collect(Collectors.joining(", "));
        return elements.isEmpty() ? "" : "elements = { " + elements + " };";
    }
}
