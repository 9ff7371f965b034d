package io.garrison.protocol;

import java.util.regex.Pattern;

/**
 * Limits of a policy that management checks before it publishes, and every instance once more before it serves. Were they
 * not the same, a policy could be published that all instances refuse.
 */
public final class PolicyLimits {

    /** Of a header that decides a route: less than RFC 9110 allows, because HAProxy takes it as an argument. */
    public static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Characters of the path that a health monitor asks for, with the slash that it begins with. */
    public static final int MONITOR_PATH = 256;

    /** Of a {@link SignedBundle} as JSON: no answer of the gateway is longer, because an agent's memory is small. */
    public static final int BUNDLE_BYTES = 4 << 20;

    private PolicyLimits() {}
}
