package io.garrison.edge.shaping;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An address and port at which clients arrive, in the words of the kernel's programs. */
record Target(InetAddress address, int port) {

    private static final int TCP = 6;

    /** A wildcard stands for all addresses of the devices. Loopback is not among them: nobody comes by it from outside. */
    static List<Target> of(Collection<Endpoint> endpoints, Devices devices) {
        return endpoints.stream()
                .flatMap(endpoint -> {
                    var address = InetAddress.ofLiteral(endpoint.address());
                    var own = address.isAnyLocalAddress()
                            ? devices.addresses().stream().filter(one -> sameFamily(one, address))
                            : Stream.of(address).filter(one -> !one.isLoopbackAddress());
                    return own.map(one -> new Target(bare(one), endpoint.port()));
                })
                .distinct()
                .sorted(Comparator.comparing(Target::toString))
                .toList();
    }

    private static boolean sameFamily(InetAddress one, InetAddress other) {
        return one.getAddress().length == other.getAddress().length;
    }

    /** Without the device that it was seen on. */
    private static InetAddress bare(InetAddress address) {
        return InetAddress.ofLiteral(address.getHostAddress().replaceFirst("%.*", ""));
    }

    boolean isV4() {
        return address instanceof Inet4Address;
    }

    String tcProtocol() {
        return isV4() ? "ip" : "ipv6";
    }

    /** An element of a set of nftables. */
    String nftElement() {
        return address.getHostAddress() + " . " + port;
    }

    /**
     * What u32 compares in a packet that leaves this address and port: value, mask and offset. What this machine sends by
     * TCP has neither options nor extension headers.
     */
    List<Match> matches() {
        var words = ByteBuffer.wrap(address.getAddress());
        if (isV4()) {
            return List.of(
                    new Match(TCP << 16, 0x00ff0000, 8),
                    new Match(words.getInt(), 0xffffffff, 12),
                    new Match(port << 16, 0xffff0000, 20));
        }
        return List.of(
                new Match(TCP << 8, 0x0000ff00, 4),
                new Match(words.getInt(), 0xffffffff, 8),
                new Match(words.getInt(), 0xffffffff, 12),
                new Match(words.getInt(), 0xffffffff, 16),
                new Match(words.getInt(), 0xffffffff, 20),
                new Match(port << 16, 0xffff0000, 40));
    }

    /** @param offset from the beginning of the IP header */
    record Match(int value, int mask, int offset) {

        String asked() {
            return "match u32 0x%08x 0x%08x at %d".formatted(value, mask, offset);
        }

        /** As tc shows it. */
        String shown() {
            return "%08x/%08x at %d".formatted(value, mask, offset);
        }
    }
}
