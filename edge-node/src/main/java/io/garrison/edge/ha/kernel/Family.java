package io.garrison.edge.ha.kernel;

import java.net.InetAddress;
import java.util.Locale;

/** The two kinds of addresses in the language of nft. */
enum Family {
    IP("ip protocol", "ipv4_addr"),
    IP6("ip6 nexthdr", "ipv6_addr");

    private final String protocol;
    private final String type;

    Family(String protocol, String type) {
        this.protocol = protocol;
        this.type = type;
    }

    static Family of(InetAddress address) {
        return address.getAddress().length == 4 ? IP : IP6;
    }

    /** How a rule matches the protocol that the packet carries. */
    String protocol() {
        return protocol;
    }

    String type() {
        return type;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String key() {
        return "%1$s saddr . tcp sport . %1$s daddr . tcp dport".formatted(word());
    }
}
