package io.garrison.instances.availability;

import io.garrison.instances.TrafficMode;
import io.garrison.protocol.HaSettings.HaMode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is allowed and all the same not wise. */
public final class HaWarnings {

    /** memcached's, and what others call their default. */
    private static final int MEMCACHED_PORT = 11_211;

    /** Each tells each other of blocks, counters and liveness, so what passes grows with the square. */
    private static final int MOST_USEFUL = 7;

    private HaWarnings() {}

    /** @param code stable */
    public record Warning(String code, String message) {}

    /**
     * @param placement of the routers that are in plans
     * @param licensedBps throughput of the sub-licence, bit/s; null if it is not known
     */
    public static List<Warning> of(StackSettings settings, Placement placement, @Nullable Long licensedBps) {
        var warnings = new ArrayList<Warning>();
        port(settings.shared().port(), warnings);
        if (settings.shared().mode() != HaMode.NONE) {
            size(settings, warnings);
            owners(settings, placement, warnings);
            services(settings, placement, warnings);
            capacity(settings.sides(), licensedBps, warnings);
        }
        return List.copyOf(warnings);
    }

    private static void port(int port, List<Warning> warnings) {
        if (port == MEMCACHED_PORT || port + 1 == MEMCACHED_PORT) {
            warnings.add(new Warning(
                    "ha.memcached-port",
                    "The HA port and the one after it are used, and 11211 is memcached's: scanners look for it, and"
                            + " firewalls close it."));
        }
    }

    private static void size(StackSettings settings, List<Warning> warnings) {
        int members = settings.sides().size();
        if (members == 1) {
            warnings.add(new Warning("ha.single-member", "There is one instance: if it fails, nothing takes over."));
        }
        if (members > 2 && members % 2 == 0) {
            warnings.add(new Warning(
                    "ha.even-members",
                    "%d instances decide by majority and survive the failure of %d, as %d would."
                            .formatted(members, toleratedFailures(members), members - 1)));
        }
        if (members > MOST_USEFUL) {
            warnings.add(new Warning(
                    "ha.many-members",
                    "%d instances all share state with each other; 3 to %d are enough for any failure that is likely. Two stacks carry more."
                            .formatted(members, MOST_USEFUL)));
        }
        if (settings.shared().mode() == HaMode.ACTIVE_PASSIVE
                && members > 0
                && settings.primary().isEmpty()) {
            warnings.add(new Warning(
                    "ha.no-primary",
                    "The primary has left the stack. Choose another; until then the first one holds."));
        }
    }

    private static void owners(StackSettings settings, Placement placement, List<Warning> warnings) {
        for (var router : settings.routers()) {
            var owner = router.owner();
            boolean left = owner != null && settings.side(owner).isEmpty();
            boolean idle = settings.trafficMode() == TrafficMode.MIXED
                    && placement.routers().stream()
                            .anyMatch(each -> each.router().equals(router.name())
                                    && each.services().isEmpty());
            if (left || owner == null && idle) {
                warnings.add(new Warning(
                        "ha.router-unowned",
                        "The owner of the router %s has left the stack, or none is named and no service listens on its addresses. Until you name one, it is chosen."
                                .formatted(router.name())));
            }
        }
    }

    /** HC-24: where what is wanted can't be had, which publishing may bring about. */
    private static void services(StackSettings settings, Placement placement, List<Warning> warnings) {
        if (settings.trafficMode() != TrafficMode.MIXED) {
            return;
        }
        placement
                .undecided()
                .forEach(router -> warnings.add(new Warning(
                        "ha.services-differ",
                        "The services of the router %s (%s) want both modes, so they are served active-passive. Give them one mode, or addresses of different routers."
                                .formatted(router.router(), String.join(", ", router.services())))));
        for (var own : settings.mixed().services()) {
            boolean moves = placement.services().stream()
                    .anyMatch(service -> service.service().equals(own.service())
                            && !service.routers().isEmpty());
            if (!moves) {
                warnings.add(new Warning(
                        "ha.service-unmoved",
                        "The service %s has a mode of its own, but the newest revision has none of that name on an address of a virtual router."
                                .formatted(own.service())));
            }
        }
    }

    /**
     * Failures after which the members surely still decide together (DI-07): 3 survive one, 5 two, 7 three. Of a pair only
     * the primary decides alone, so none is sure; its shared addresses survive one all the same.
     */
    public static int toleratedFailures(int members) {
        return Math.max(0, (members - 1) / 2);
    }

    /** HC-16: what is left when the strongest fails. Said only where every instance has a declared capacity. */
    private static void capacity(List<Side> sides, @Nullable Long licensedBps, List<Warning> warnings) {
        var declared = sides.stream()
                .map(Side::declaredCapacityBps)
                .filter(Objects::nonNull)
                .mapToLong(Objects::requireNonNull)
                .toArray();
        if (licensedBps == null || sides.isEmpty() || declared.length < sides.size()) {
            return;
        }
        long sum = 0;
        long largest = 0;
        for (long one : declared) {
            sum += one;
            largest = Math.max(largest, one);
        }
        if (sum - largest < licensedBps) {
            warnings.add(new Warning(
                    "ha.capacity",
                    "Without its strongest instance the stack carries %s; the sub-licence grants %s."
                            .formatted(rate(sum - largest), rate(licensedBps))));
        }
    }

    private static String rate(long bitsPerSecond) {
        return BigDecimal.valueOf(bitsPerSecond, 6).stripTrailingZeros().toPlainString() + " Mbit/s";
    }
}
