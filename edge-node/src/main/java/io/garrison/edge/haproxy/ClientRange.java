package io.garrison.edge.haproxy;

/**
 * One address or block of addresses of clients.
 *
 * @param text canonical: bits beyond the prefix are zero, and a single address has no prefix
 * @param prefix 0–32 or 0–128
 */
public record ClientRange(String text, boolean v6, int prefix) {

    /** @throws IllegalArgumentException if it is neither an address nor a CIDR block */
    public static ClientRange parse(String text) {
        try {
            var cidr = Ip.cidr(text);
            int slash = cidr.indexOf('/');
            boolean v6 = cidr.indexOf(':') >= 0;
            int bits = v6 ? 128 : 32;
            int prefix = slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1));
            return new ClientRange(prefix == bits && slash >= 0 ? cidr.substring(0, slash) : cidr, v6, prefix);
        } catch (PolicyRefusedException e) {
            throw new IllegalArgumentException("neither an IP address nor a CIDR block", e);
        }
    }
}
