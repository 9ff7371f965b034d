package io.garrison.instances.availability;

import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.Planning.Peer;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan.LinkPair;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of a stack's high availability as a whole. Fields are JSON pointers into the stack's document. */
public final class HaRules {

    private static final int MAX_LINK_PAIRS = 32;
    private static final long MAX_BPS = 1_000_000_000_000L;
    private static final long MAX_CAPACITY_BPS = 10 * MAX_BPS;

    /** keepalived's longest preempt_delay. */
    private static final long MAX_RECOVERY_MS = 1_000_000;

    /** What the kernel takes for the name of a device (IFNAMSIZ), without what would need care in a file. */
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

    /** Code of a router without an address of the kind that the members' own are. */
    public static final String ADDRESS_FAMILY = "ha.address-family";

    private HaRules() {}

    /** @param peers the stack's instances as they are known, for the kind of their addresses */
    public static List<FieldError> check(StackSettings wish, List<Peer> peers) {
        var findings = new Findings();
        shared(wish.shared(), findings);
        for (int at = 0; at < wish.sides().size(); at++) {
            side(wish.sides().get(at), "/instances/" + at, findings);
        }
        trafficMode(wish, findings);
        primaries(wish, findings);
        RouterRules.check(wish, peers, findings);
        return findings.all();
    }

    private static void shared(SharedSettings shared, Findings findings) {
        findings.range("/port", shared.port(), 1, 65_534, "");
        findings.range("/peerCheckIntervalMs", shared.peerCheckIntervalMs(), 50, 60_000, "ms");
        if (shared.peerCheckIntervalMs() % 10 != 0) {
            findings.add(
                    "/peerCheckIntervalMs",
                    "ha.interval-step",
                    "must be a multiple of 10 ms, because VRRP counts hundredths of a second",
                    shared.peerCheckIntervalMs());
        }
        findings.range("/peerFailureThreshold", shared.peerFailureThreshold(), 1, 50, "");
    }

    private static void side(Side side, String at, Findings findings) {
        var ha = side.ha();
        findings.range(at + "/peerRecoveryThreshold", ha.peerRecoveryThreshold(), 1, 1_000, "");
        if ((long) ha.peerRecoveryThreshold() * ha.peerCheckIntervalMs() > MAX_RECOVERY_MS) {
            findings.add(
                    at + "/peerRecoveryThreshold",
                    "ha.recovery-too-long",
                    "together with the peer check interval must be at most 1,000 s",
                    ha.peerRecoveryThreshold());
        }
        findings.range(at + "/maximumFlaps", ha.maximumFlaps(), 0, 100, "");
        findings.range(at + "/flapWindowSeconds", ha.flapWindowSeconds(), 10, 86_400, "s");
        findings.range(at + "/minimumBandwidthBps", ha.minimumBandwidthBps(), 1, MAX_BPS, "bit/s");
        findings.range(at + "/bandwidthIntervalSeconds", ha.bandwidthIntervalSeconds(), 1, 3_600, "s");
        findings.range(at + "/linkMonitoringIntervalMs", ha.linkMonitoringIntervalMs(), 10, 60_000, "ms");
        findings.range(at + "/minimumActiveLinkPairs", ha.minimumActiveLinkPairs(), 0, MAX_LINK_PAIRS, "");
        var capacity = side.declaredCapacityBps();
        if (capacity != null) {
            findings.range(at + "/declaredCapacityBps", capacity, 1, MAX_CAPACITY_BPS, "bit/s");
        }
        links(side, ha, at, findings);
    }

    private static void links(Side side, HaSettings ha, String at, Findings findings) {
        var pairs = side.linkPairs();
        if (pairs.size() > MAX_LINK_PAIRS) {
            findings.add(
                    at + "/linkPairs", "ha.too-many", "must be at most %d".formatted(MAX_LINK_PAIRS), pairs.size());
            return;
        }
        if (ha.minimumActiveLinkPairs() > pairs.size()) {
            findings.add(
                    at + "/minimumActiveLinkPairs",
                    "ha.link-pairs-missing",
                    "is more than the %d link pairs of the instance, so it would never serve".formatted(pairs.size()),
                    ha.minimumActiveLinkPairs());
        }
        var seen = new HashSet<LinkPair>();
        for (int i = 0; i < pairs.size(); i++) {
            var pair = pairs.get(i);
            var field = at + "/linkPairs/" + i;
            device(pair.front(), field + "/front", findings);
            device(pair.back(), field + "/back", findings);
            if (pair.front().equals(pair.back()) || !seen.add(pair)) {
                findings.add(field, "ha.link-pair", "must name two devices, and no two pairs the same ones", null);
            }
        }
    }

    static void device(String name, String field, Findings findings) {
        if (!DEVICE.matcher(name).matches()) {
            findings.add(
                    field,
                    "ha.device",
                    "must be the name of a network device: a letter or digit, then up to 14 of letters, digits, . _ -",
                    name);
        }
    }

    private static void trafficMode(StackSettings wish, Findings findings) {
        boolean fits = switch (wish.shared().mode()) {
            case NONE -> true;
            case ACTIVE_PASSIVE -> wish.trafficMode() == TrafficMode.ACTIVE_PASSIVE;
            case ACTIVE_ACTIVE, CLUSTER -> wish.trafficMode() != TrafficMode.ACTIVE_PASSIVE;
        };
        if (!fits) {
            findings.add(
                    "/trafficMode",
                    "ha.traffic-mode",
                    "does not go with the mode %s: ACTIVE_PASSIVE with itself, the others with ACTIVE_ACTIVE or MIXED"
                            .formatted(wish.shared().mode()),
                    wish.trafficMode().name());
        }
    }

    /** HA-00f: exactly one where one stands by for another, at most one elsewhere. */
    private static void primaries(StackSettings wish, Findings findings) {
        var primaries = wish.sides().stream().filter(Side::primary).count();
        if (primaries > 1) {
            findings.add("/instances", "ha.two-primaries", "must have one primary, has " + primaries, primaries);
        }
        if (primaries == 0 && wish.shared().mode() == HaMode.ACTIVE_PASSIVE) {
            findings.add("/instances", "ha.no-primary", "must have exactly one primary in this mode, has none", 0);
        }
    }
}
