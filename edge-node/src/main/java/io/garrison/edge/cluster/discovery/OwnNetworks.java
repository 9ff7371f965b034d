package io.garrison.edge.cluster.discovery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The IPv4 networks that this machine is in. An address that ends in .0 or .255 may well be a host's, depending on how long
 * the prefix of its network is; that is known of these.
 */
record OwnNetworks(List<Network> networks) {

    /** From this length on there is neither an address of the network nor one for broadcasts (RFC 3021). */
    private static final int POINT_TO_POINT = 31;

    /** @param address any one in it */
    record Network(Inet4Address address, int prefix) {

        private int mask() {
            return prefix == 0 ? 0 : -1 << (Integer.SIZE - prefix);
        }

        private int first() {
            return bits(address) & mask();
        }

        private int last() {
            return first() | ~mask();
        }
    }

    static OwnNetworks ofThisMachine() {
        try {
            return new OwnNetworks(NetworkInterface.networkInterfaces()
                    .flatMap(device -> device.getInterfaceAddresses().stream())
                    .filter(address -> address.getAddress() instanceof Inet4Address)
                    .map(address -> new Network((Inet4Address) address.getAddress(), address.getNetworkPrefixLength()))
                    .toList());
        } catch (SocketException e) {
            return new OwnNetworks(List.of());
        }
    }

    /**
     * Answers may name addresses that mean something else here (of a loopback, or of a link whose name is not known), or that
     * nobody can have. @return what it is instead of a host's; empty if it may be one
     */
    Optional<String> whyNoHost(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Optional.of("of the loopback");
        }
        if (address.isAnyLocalAddress()) {
            return Optional.of("the wildcard");
        }
        if (address.isMulticastAddress()) {
            return Optional.of("of multicast");
        }
        if (address.isLinkLocalAddress()) {
            return Optional.of("of a link only");
        }
        return address instanceof Inet4Address four ? whyNoHost(four) : Optional.empty();
    }

    private Optional<String> whyNoHost(Inet4Address address) {
        int bits = bits(address);
        if (bits == -1) {
            return Optional.of("for broadcasts");
        }
        for (var network : networks) {
            if (network.prefix() < POINT_TO_POINT && bits == network.first()) {
                return Optional.of("the network itself, with a prefix of " + network.prefix() + " bits");
            }
            if (network.prefix() < POINT_TO_POINT && bits == network.last()) {
                return Optional.of("for broadcasts of a network with a prefix of " + network.prefix() + " bits");
            }
        }
        return Optional.empty();
    }

    private static int bits(Inet4Address address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }
}
