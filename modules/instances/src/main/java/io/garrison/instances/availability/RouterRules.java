package io.garrison.instances.availability;

import io.garrison.instances.availability.Planning.Peer;
import io.garrison.instances.policy.Address;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.net.Inet4Address;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rules of virtual routers. What others hold in the same network is not known here. */
final class RouterRules {

    private static final int MAX_ROUTERS = 64;
    private static final int MAX_ADDRESSES = 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern NETWORK = Pattern.compile("[a-z0-9._-]{1,63}");
    private static final Pattern PASSWORD = Pattern.compile("[\\x21-\\x7e&&[^\"\\\\]]{1,8}");

    /**
     * Twelve bits of hundredths of a second (RFC 5798, 5.2.7). Beyond it instances send twice as many adverts, of both
     * versions.
     */
    private static final int LONGEST_ADVERT_MS = 40_950;

    private final StackSettings wish;
    private final Findings findings;
    private final Set<String> names = new HashSet<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> onDevice = new HashSet<>();
    private final Set<String> addresses = new HashSet<>();

    /** Of the addresses between which adverts go: whether IPv4, whether not. */
    private final Set<Boolean> kinds;

    private RouterRules(StackSettings wish, List<Peer> peers, Findings findings) {
        this.wish = wish;
        this.kinds = wish.shared().mode() == HaMode.NONE ? Set.of() : families(peers);
        this.findings = findings;
    }

    static void check(StackSettings wish, List<Peer> peers, Findings findings) {
        var routers = wish.routers();
        if (routers.size() > MAX_ROUTERS) {
            findings.add("/routers", "ha.too-many", "must be at most %d".formatted(MAX_ROUTERS), routers.size());
            return;
        }
        var rules = new RouterRules(wish, peers, findings);
        for (int at = 0; at < routers.size(); at++) {
            rules.router(routers.get(at), "/routers/" + at);
        }
    }

    /** Who has not told of any takes the first of its device, which is one of IPv4 wherever there is one. */
    private static Set<Boolean> families(List<Peer> peers) {
        return peers.stream()
                .map(peer ->
                        Address.parse(peer.address()).map(RouterRules::isFour).orElse(true))
                .collect(Collectors.toSet());
    }

    private void router(RouterSettings router, String at) {
        if (!NAME.matcher(router.name()).matches()) {
            findings.add(at + "/name", "ha.router-name", "must be 1 to 32 of a–z, 0–9 and -", router.name());
        } else if (!names.add(router.name())) {
            findings.add(at + "/name", "ha.router-name", "is used twice in this stack", router.name());
        }
        if (!NETWORK.matcher(router.network()).matches()) {
            findings.add(at + "/network", "ha.network", "must be 1 to 63 of a–z, 0–9, . _ and -", router.network());
        }
        findings.range(at + "/id", router.id(), 1, 255, "");
        boolean free = onDevice.add(router.device() + "/" + router.id());
        if (!ids.add(router.network() + "/" + router.id())) {
            findings.add(at + "/id", "ha.router-id-taken", "is used twice in this network", router.id());
        } else if (!free) {
            findings.add(at + "/id", "ha.router-id-taken", "is used twice on this device", router.id());
        }
        HaRules.device(router.device(), at + "/device", findings);
        findings.range(at + "/gratuitousArpRepeat", router.gratuitousArpRepeat(), 1, 100, "");
        findings.range(at + "/gratuitousArpRefreshSeconds", router.gratuitousArpRefreshSeconds(), 0, 3_600, "s");
        version(router, at);
        addresses(router, at);
        owner(router, at);
    }

    private void version(RouterSettings router, String at) {
        int interval = wish.shared().peerCheckIntervalMs();
        switch (router.version()) {
            case 2 -> {
                int step = interval > LONGEST_ADVERT_MS ? 2_000 : 1_000;
                if (interval % step != 0) {
                    findings.add(
                            at + "/version",
                            "ha.version-two-interval",
                            "knows whole seconds only, and above %,d ms even ones; the peer check interval is %,d ms"
                                    .formatted(LONGEST_ADVERT_MS, interval),
                            2);
                }
                var password = router.password();
                if (password != null && !PASSWORD.matcher(password).matches()) {
                    findings.add(
                            at + "/password",
                            "ha.password",
                            "must be 1 to 8 printable characters, no blanks, quotes or backslashes",
                            null);
                }
            }
            case 3 -> {
                if (router.password() != null) {
                    findings.add(
                            at + "/password", "ha.password-version", "is of version 2 only: version 3 has none", null);
                }
            }
            default -> findings.add(at + "/version", "ha.version", "must be 2 or 3", router.version());
        }
    }

    private void addresses(RouterSettings router, String at) {
        var of = router.addresses();
        if (of.isEmpty() || of.size() > MAX_ADDRESSES) {
            findings.add(at + "/addresses", "ha.addresses", "must be 1 to %d".formatted(MAX_ADDRESSES), of.size());
            return;
        }
        var families = new HashSet<Boolean>();
        for (int i = 0; i < of.size(); i++) {
            var field = at + "/addresses/" + i;
            address(router, of.get(i), field).ifPresent(parsed -> families.add(isFour(parsed)));
        }
        for (boolean four : kinds) {
            if (!families.isEmpty() && !families.contains(four)) {
                findings.add(
                        at + "/addresses",
                        HaRules.ADDRESS_FAMILY,
                        "must have one of %s, because adverts go between addresses of that kind"
                                .formatted(four ? "IPv4" : "IPv6"),
                        null);
            }
        }
        if (router.version() == 2 && families.contains(false)) {
            findings.add(at + "/version", "ha.version-two-ipv-six", "knows no IPv6 addresses", 2);
        }
    }

    private Optional<Address> address(RouterSettings router, VirtualAddress of, String field) {
        var parsed = Address.parse(of.address()).filter(RouterRules::canMove);
        if (parsed.isEmpty()) {
            findings.add(
                    field + "/address",
                    "ha.address",
                    "must be an IPv4 or IPv6 address of a host, without a prefix length",
                    of.address());
            return parsed;
        }
        findings.range(
                field + "/prefixLength", of.prefixLength(), 1, parsed.get().bits(), "");
        if (!addresses.add(router.network() + "/" + parsed.get())) {
            findings.add(field + "/address", "ha.address-taken", "is used twice in this network", of.address());
        }
        var device = of.device();
        if (device != null) {
            HaRules.device(device, field + "/device", findings);
        }
        return parsed;
    }

    private static boolean canMove(Address address) {
        boolean linkLocal = !isFour(address) && address.value().isLinkLocalAddress();
        return linkLocal || !address.isForbidden() && !address.isLoopback() && !address.isUnspecified();
    }

    private static boolean isFour(Address address) {
        return address.value() instanceof Inet4Address;
    }

    private void owner(RouterSettings router, String at) {
        var owner = router.owner();
        if (owner == null) {
            return;
        }
        if (wish.side(owner).isEmpty()) {
            findings.add(at + "/owner", "ha.router-owner", "must be an instance of this stack", owner.toString());
        } else if (wish.shared().mode() == HaMode.ACTIVE_PASSIVE
                && !wish.primary().equals(Optional.of(owner))) {
            findings.add(
                    at + "/owner",
                    "ha.router-owner",
                    "must be the primary, or nobody, in the mode ACTIVE_PASSIVE",
                    owner.toString());
        }
    }
}
