package io.garrison.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A VRRP router (RFC 5798) as one instance takes part in it: shared addresses that move together.
 *
 * @param name 1–32 characters, lower-case letters, digits and {@code -}; unique within the stack
 * @param id virtual router identifier, 1–255, unique in the network
 * @param device network device of the adverts and, unless an address says otherwise, of the addresses
 * @param addresses what moves
 * @param priority 1–254 of this instance; the highest holds
 * @param preempt whether this instance takes the addresses back from a holder of less priority
 * @param version 2 or 3; version 2 knows whole seconds only
 * @param password 1–8 printable characters without spaces, version 2 only: version 3 has no authentication (RFC 5798, 9)
 * @param gratuitousArpRepeat how many announcements follow a take-over, 1–100; default 5
 * @param gratuitousArpRefreshSeconds how often the holder announces again, 0–3,600; 0 never; default 0
 */
public record VirtualRouter(
        String name,
        int id,
        String device,
        List<VirtualAddress> addresses,
        int priority,
        boolean preempt,
        int version,
        @Nullable String password,
        Integer gratuitousArpRepeat,
        Integer gratuitousArpRefreshSeconds) {

    public VirtualRouter {
        addresses = Absent.orEmpty(addresses);
        gratuitousArpRepeat = Absent.or(gratuitousArpRepeat, 5);
        gratuitousArpRefreshSeconds = Absent.or(gratuitousArpRefreshSeconds, 0);
    }

    /**
     * @param address IPv4 or IPv6 literal
     * @param prefixLength of its network
     * @param device where it is added, if not on the router's device
     */
    public record VirtualAddress(
            String address, int prefixLength, @Nullable String device) {}
}
