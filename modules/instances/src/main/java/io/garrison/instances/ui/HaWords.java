package io.garrison.instances.ui;

import io.garrison.instances.ClusterStatus.Member;
import io.garrison.instances.HighAvailability;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.StackLabel;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** High availability in the reader's words. */
final class HaWords {

    /** What edges call what is wrong with them, and what that means to the reader. */
    private static final Map<String, String> FAULTS = Map.ofEntries(
            Map.entry("haproxy-dead", "HAProxy does not run"),
            Map.entry("keepalived-dead", "keepalived does not run, so no address moves to it or from it"),
            Map.entry("keepalived-unavailable", "keepalived can't be run here, so no address moves to it"),
            Map.entry("plan-refused", "It can't follow its plan"),
            Map.entry("two-masters", "Another instance holds the same addresses"),
            Map.entry("nonlocal-bind", "HAProxy can't listen on addresses that are elsewhere"),
            Map.entry("link-down", "Too few link pairs have a carrier"),
            Map.entry("bandwidth-low", "Too little traffic arrives"),
            Map.entry("flaps-exceeded", "It changed its role too often"),
            Map.entry("hold-active", "It leaves the addresses to its peers until a person releases it"),
            Map.entry("peer-lost", "It does not hear of a peer"),
            Map.entry("management-unreachable", "It does not reach management"),
            Map.entry("bypass-active", "Traffic passes it uninspected"),
            Map.entry("bypass-failed", "It could not let traffic pass uninspected"),
            Map.entry("latches-damaged", "It has lost what was held until a person releases it"),
            Map.entry("blocks-damaged", "Its file of blocked clients was damaged"),
            Map.entry("aux-stale", "It has not exchanged shared state for a while"));

    /** Warnings by which somebody's traffic suffers now. */
    static final Set<String> ALARMS =
            Set.of("ha.bypass", "ha.router-held-twice", "ha.router-unheld", "ha.router-taken");

    private HaWords() {}

    static String of(StackLabel label) {
        return switch (label) {
            case NO_INSTANCE -> "No instance";
            case SINGLE -> "Single instance";
            case ACTIVE_PASSIVE -> "Active-passive";
            case ACTIVE_ACTIVE -> "Active-active";
            case CLUSTER -> "Cluster";
        };
    }

    static String of(HaMode mode) {
        return switch (mode) {
            case NONE -> "None: no address moves";
            case ACTIVE_PASSIVE -> "One serves, the others stand by";
            case ACTIVE_ACTIVE, CLUSTER -> "All share the load";
        };
    }

    static String of(ServiceMode mode) {
        return switch (mode) {
            case ACTIVE_ACTIVE -> "Active-active";
            case ACTIVE_PASSIVE -> "Active-passive";
        };
    }

    /** What listens on the addresses of a router, how it is served and where; empty where no address moves. */
    static String served(StackHa ha, String router) {
        return ha.placement().routers().stream()
                .filter(placed -> placed.router().equals(router) && placed.holder() != null)
                .map(placed -> "%s: %s, %s holds it while it is healthy"
                        .formatted(
                                placed.services().isEmpty() ? "No service" : String.join(", ", placed.services()),
                                of(placed.trafficMode()).toLowerCase(Locale.ROOT),
                                ha.members().stream()
                                        .filter(member -> member.id().value().equals(placed.holder()))
                                        .map(HighAvailability.Member::name)
                                        .findFirst()
                                        .orElse("nobody")))
                .findFirst()
                .orElse("");
    }

    static String of(FlapAction action) {
        return switch (action) {
            case BYPASS -> "Bypass: pass traffic uninspected";
            case HOLD -> "Hold: leave the addresses to the peers";
            case ALARM -> "Alarm: only tell";
        };
    }

    static String of(Fault fault) {
        var words = FAULTS.get(fault.code());
        var message = fault.message().endsWith(".")
                ? fault.message().substring(0, fault.message().length() - 1)
                : fault.message();
        return words == null ? message : words + ": " + message;
    }

    /** {@code 4.0 s}, or {@code 150 ms} below a second. */
    static String seconds(long milliseconds) {
        return milliseconds < 1_000
                ? milliseconds + " ms"
                : String.format(Locale.ROOT, "%.1f s", milliseconds / 1_000.0);
    }

    static StateBadge badge(Member member) {
        return switch (member.status()) {
            case "healthy" -> new StateBadge(Signal.GOOD, "Healthy");
            case "suspect" -> new StateBadge(Signal.WARNING, "Suspect").because("Its heartbeat is late.");
            case "lost" -> new StateBadge(Signal.BAD, "Lost").because("Its heartbeat is missing.");
            case "degraded" ->
                member.bypass() == null
                        ? new StateBadge(Signal.WARNING, "Degraded")
                        : new StateBadge(Signal.BAD, "Bypass").because("Traffic passes it uninspected.");
            default -> new StateBadge(Signal.UNKNOWN, "Not heard of yet");
        };
    }

    static StateBadge badge(RouterState router) {
        var signal = switch (router.state()) {
            case "MASTER" -> Signal.GOOD;
            case "BACKUP" -> Signal.SPECIAL;
            case "FAULT" -> Signal.BAD;
            default -> Signal.UNKNOWN;
        };
        return new StateBadge(signal, router.name() + ": " + StateWords.of(router.state()));
    }

    static Signal signal(String severity) {
        return switch (severity) {
            case "ALARM" -> Signal.BAD;
            case "WARNING" -> Signal.WARNING;
            default -> Signal.UNKNOWN;
        };
    }
}
