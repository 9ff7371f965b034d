package io.garrison.edge.ha.keepalived;

import io.garrison.protocol.ProtocolJson;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What may stand in a configuration at all. */
final class Words {

    /** As the kernel allows them (15 bytes), without what keepalived or a path would interpret. */
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

    private static final Pattern V4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./+@-]{1,200}");
    private static final Pattern PASSWORD = Pattern.compile("[\\x21-\\x7e&&[^\"\\\\]]{1,8}");

    private Words() {}

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("not acceptable in a configuration: " + what);
        }
    }

    static boolean isDevice(String name) {
        return DEVICE.matcher(name).matches();
    }

    static Token.Device device(String name, String field) {
        PlanRefusedException.require(isDevice(name), field, "is not a name of a network device");
        return new Token.Device(name);
    }

    /** A literal of IPv4 or IPv6 that may belong to one machine. */
    static InetAddress address(String literal, String field) {
        return literal(literal)
                .orElseThrow(() -> new PlanRefusedException(field, "is not an IPv4 or IPv6 address of a machine"));
    }

    /** As {@link #address}; empty if it is none. */
    static Optional<InetAddress> literal(String literal) {
        try {
            InetAddress address = null;
            if (V4.matcher(literal).matches()) {
                address = Inet4Address.ofLiteral(literal);
            } else if (V6.matcher(literal).matches() && literal.contains(":")) {
                address = Inet6Address.ofLiteral(literal);
            }
            return Optional.ofNullable(address)
                    .filter(one -> !one.isAnyLocalAddress()
                            && !one.isMulticastAddress()
                            && !one.isLoopbackAddress()
                            && !literal.equals("255.255.255.255"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Token.Quoted password(String text, String field) {
        PlanRefusedException.require(
                PASSWORD.matcher(text).matches(),
                field,
                "must be 1 to 8 printable ASCII characters without spaces, double quotes and backslashes");
        return new Token.Quoted(text);
    }

    static Token.Quoted path(Path path) {
        PlanRefusedException.require(
                PATH.matcher(path.toString()).matches(),
                "state directory",
                "has a path that keepalived would not understand: " + path);
        return new Token.Quoted(path.toString());
    }

    /** keepalived's name of a router: from a hash, so that it stays whatever else the plan says. */
    static Token.Identifier router(String name) {
        return new Token.Identifier("vi_" + hash(name));
    }

    static Token.Identifier steering(String name) {
        return new Token.Identifier("steer_" + hash(name));
    }

    static String hash(String text) {
        return ProtocolJson.sha256Hex(text).substring(0, 12);
    }
}
