package io.garrison.reporting.search;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** Reads address literals without ever asking a name server. */
final class Addresses {

    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Addresses() {}

    /** Whether it is an IPv4 or IPv6 literal, or one with a prefix length that fits it. */
    static boolean isAddressOrNetwork(String value) {
        var slash = value.indexOf('/');
        var literal = slash < 0 ? value : value.substring(0, slash);
        if (literal.indexOf(':') < 0 && !DOTTED.matcher(literal).matches()) {
            return false; // the old short forms, which OpenSearch does not know
        }
        try {
            var address = InetAddress.ofLiteral(literal);
            if (slash < 0) {
                return true;
            }
            var bits = Integer.parseInt(value.substring(slash + 1));
            return bits <= (address instanceof Inet4Address ? 32 : 128);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
