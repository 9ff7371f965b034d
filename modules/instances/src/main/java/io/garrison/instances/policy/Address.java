package io.garrison.instances.policy;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 literal. Only the plain spellings: no short, octal or hexadecimal IPv4, no zone, no IPv4 inside IPv6,
 * no name, no socket path.
 */
public record Address(InetAddress value) {

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]{2,39}");

    public static Optional<Address> parse(@Nullable String text) {
        if (text == null || !(IPV4.matcher(text).matches() || IPV6.matcher(text).matches() && text.contains(":"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Address(InetAddress.ofLiteral(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean isUnspecified() {
        return value.isAnyLocalAddress();
    }

    public boolean isLoopback() {
        return value.isLoopbackAddress();
    }

    /** Addresses that no server and no listener of a customer has. */
    public boolean isForbidden() {
        return value.isMulticastAddress() || value.isLinkLocalAddress() || isReserved() || isMetadataService();
    }

    private boolean isReserved() {
        byte[] bytes = value.getAddress();
        if (value instanceof Inet4Address) {
            return (bytes[0] & 0xff) >= 240 || bytes[0] == 0 && !isUnspecified();
        }
        // IPv4 in disguise: mapped, compatible, NAT64 and 6to4 would slip past every rule on IPv4.
        return startsWith(bytes, 0x00, 0x64, 0xff, 0x9b)
                || startsWith(bytes, 0x20, 0x02)
                || !isLoopback() && !isUnspecified() && allZero(bytes, 10);
    }

    /** Where clouds tell machines their credentials. */
    private boolean isMetadataService() {
        return value.getHostAddress().equals("100.100.100.200")
                || Arrays.equals(value.getAddress(), bytesOf("fd00:ec2::254"));
    }

    private static byte[] bytesOf(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean allZero(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    public int bits() {
        return value.getAddress().length * 8;
    }

    /** The first address of the block of this length that holds this address. */
    Address network(int prefix) {
        var number = new BigInteger(1, value.getAddress());
        var host = BigInteger.ONE.shiftLeft(bits() - prefix).subtract(BigInteger.ONE);
        var masked = number.andNot(host).toByteArray();
        var bytes = new byte[bits() / 8];
        for (int i = 0; i < Math.min(bytes.length, masked.length); i++) {
            bytes[bytes.length - 1 - i] = masked[masked.length - 1 - i];
        }
        try {
            return new Address(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of %d bytes".formatted(bytes.length), e);
        }
    }

    @Override
    public String toString() {
        return value.getHostAddress();
    }
}
