package io.garrison.instances;

import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** High availability in the words of the audit trail. Passwords are never in them. */
final class HaAudit {

    private HaAudit() {}

    /** Of instances only those that are otherwise in the other. */
    static Map<String, Object> words(StackSettings settings, StackSettings other) {
        var shared = settings.shared();
        var words = new LinkedHashMap<String, Object>();
        words.put("mode", shared.mode().name());
        words.put("trafficMode", settings.trafficMode().name());
        if (settings.trafficMode() == TrafficMode.MIXED) {
            words.put("mixed", words(settings.mixed()));
        }
        words.put("port", shared.port());
        words.put("peerCheckIntervalMs", shared.peerCheckIntervalMs());
        words.put("peerFailureThreshold", shared.peerFailureThreshold());
        words.put("primary", settings.primary().map(Object::toString).orElse("none"));
        words.put(
                "instances",
                settings.sides().stream()
                        .filter(side -> !other.sides().contains(side))
                        .map(HaAudit::words)
                        .toList());
        words.put(
                "routers",
                settings.routers().stream()
                        .map(router -> words(router, named(other, router)))
                        .toList());
        return words;
    }

    private static String words(MixedModes mixed) {
        var words = new StringBuilder("HTTP %s, TCP %s".formatted(mixed.http(), mixed.tcp()));
        mixed.services()
                .forEach(own ->
                        words.append(", ").append(own.service()).append(' ').append(own.trafficMode()));
        return words.toString();
    }

    private static String words(Side side) {
        return "%s %s %s".formatted(side.instanceId(), side.ha(), side.linkPairs());
    }

    private static Optional<RouterSettings> named(StackSettings in, RouterSettings router) {
        return in.routers().stream()
                .filter(other -> other.name().equals(router.name()))
                .findFirst();
    }

    private static Map<String, Object> words(RouterSettings router, Optional<RouterSettings> other) {
        var words = new LinkedHashMap<String, Object>();
        words.put("name", router.name());
        words.put("network", router.network());
        words.put("id", router.id());
        words.put("device", router.device());
        words.put("addresses", router.addresses().stream().map(HaAudit::words).toList());
        words.put("owner", router.owner() == null ? "none" : router.owner().toString());
        words.put("version", router.version());
        words.put("gratuitousArpRepeat", router.gratuitousArpRepeat());
        words.put("gratuitousArpRefreshSeconds", router.gratuitousArpRefreshSeconds());
        words.put(
                "passwordChanged",
                !Objects.equals(
                        router.password(), other.map(RouterSettings::password).orElse(null)));
        return words;
    }

    private static String words(VirtualAddress address) {
        var device = address.device() == null ? "" : " " + address.device();
        return address.address() + "/" + address.prefixLength() + device;
    }
}
