package io.garrison.edge.state;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Networks that peers may come from (RFC 4632 for version 4, RFC 4291 for version 6). An empty space holds every address:
 * then nobody has said where peers are.
 */
public record AddressSpace(List<Network> networks) {

    public static final AddressSpace EVERYWHERE = new AddressSpace(List.of());

    public AddressSpace {
        networks = List.copyOf(networks);
    }

    /** @param prefix length, in bits */
    public record Network(InetAddress first, int prefix) {
        boolean contains(InetAddress address) {
            return first.equals(masked(address, prefix));
        }

        @Override
        public String toString() {
            return first.getHostAddress() + "/" + prefix;
        }
    }

    /**
     * @param text networks such as {@code 10.1.0.0/16}, with commas in between
     * @throws IllegalArgumentException saying which of them is wrong and why
     */
    public static AddressSpace parse(String text) {
        var found = new ArrayList<Network>();
        for (var word : text.split(",")) {
            if (!word.isBlank()) {
                found.add(network(word.strip()));
            }
        }
        return new AddressSpace(found);
    }

    public boolean contains(InetAddress address) {
        return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(address));
    }

    public boolean isEverywhere() {
        return networks.isEmpty();
    }

    @Override
    public String toString() {
        return networks.stream().map(Network::toString).collect(Collectors.joining(","));
    }

    private static Network network(String word) {
        int slash = word.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("must be networks such as 10.1.0.0/16, not " + word);
        }
        InetAddress address;
        int prefix;
        try {
            address = InetAddress.ofLiteral(word.substring(0, slash));
            prefix = Integer.parseInt(word.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be networks such as 10.1.0.0/16, not " + word, e);
        }
        int bits = address.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("has a prefix beyond 0–" + bits + ": " + word);
        }
        var network = new Network(masked(address, prefix), prefix);
        if (!network.first().equals(address)) {
            throw new IllegalArgumentException(
                    "names a host where a network is wanted: " + word + "; write " + network);
        }
        return network;
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        var bytes = address.getAddress();
        if (prefix > bytes.length * 8) {
            return address;
        }
        int whole = prefix / 8;
        if (whole < bytes.length) {
            bytes[whole] &= (byte) (0xff00 >> (prefix % 8));
            Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("the bytes of an address make one", e);
        }
    }
}
