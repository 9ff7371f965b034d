package io.garrison.edge.haproxy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** An address that was given as a literal. Names, sockets and the shorthand forms of old are not addresses. */
record Ip(InetAddress address) {

    private static final String V4 = "(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}";

    static Ip parse(String literal) {
        try {
            if (literal.matches(V4)) {
                return new Ip(Inet4Address.ofLiteral(literal));
            }
            if (literal.matches("[0-9A-Fa-f:.]{2,45}") && literal.contains(":")) {
                return new Ip(Inet6Address.ofLiteral(literal));
            }
        } catch (IllegalArgumentException e) {
            // falls through to the one refusal
        }
        throw new PolicyRefusedException("not an IPv4 or IPv6 address");
    }

    /** The canonical text of a block or a single address. Bits beyond the prefix are cleared. */
    static String cidr(String text) {
        int slash = text.indexOf('/');
        var ip = parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return ip.text();
        }
        var prefix = text.substring(slash + 1);
        byte[] bytes = ip.address.getAddress();
        if (!prefix.matches("0|[1-9]\\d{0,2}") || Integer.parseInt(prefix) > bytes.length * 8) {
            throw new PolicyRefusedException("not a CIDR block");
        }
        int length = Integer.parseInt(prefix);
        for (int i = 0; i < bytes.length; i++) {
            int keep = Math.clamp(length - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xff00 >> keep);
        }
        try {
            return new Ip(InetAddress.getByAddress(bytes)).text() + "/" + length;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isV6() {
        return address instanceof Inet6Address;
    }

    String text() {
        return address.getHostAddress();
    }

    void requireListener(boolean allowLoopback) {
        Text.require(
                !address.isMulticastAddress() && !isBroadcast() && (allowLoopback || !isOwn()),
                "address to listen on (loopback, link-local or multicast)");
    }

    void requireMember(boolean allowLoopback) {
        Text.require(
                !address.isMulticastAddress()
                        && !isBroadcast()
                        && !address.isAnyLocalAddress()
                        && (address.getAddress()[0] != 0 || isV6())
                        && !address.isLinkLocalAddress()
                        && (allowLoopback || !isOwn()),
                "address of a pool member (loopback, link-local, multicast or unspecified)");
    }

    private boolean isOwn() {
        return address.isLoopbackAddress() || address.isLinkLocalAddress();
    }

    private boolean isBroadcast() {
        return text().equals("255.255.255.255");
    }
}
