package io.garrison.instances.availability;

import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.Placement.Served;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of modes of virtual services (HC-24), which need the policy beside the settings. */
public final class MixedRules {

    /** As many as a policy may have. */
    private static final int MAX_SERVICES = 500;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private MixedRules() {}

    /** What is wrong whatever is served. */
    public static List<FieldError> check(StackSettings wish) {
        var findings = new Findings();
        var services = wish.mixed().services();
        if (services.size() > MAX_SERVICES) {
            findings.add(
                    "/mixed/services", "ha.too-many", "must be at most %d".formatted(MAX_SERVICES), services.size());
            return findings.all();
        }
        var names = new HashSet<String>();
        for (int at = 0; at < services.size(); at++) {
            var name = services.get(at).service();
            if (!NAME.matcher(name).matches()) {
                findings.add(field(at) + "/service", "ha.service-name", "must be 1 to 63 of a–z, 0–9, . _ and -", name);
            } else if (!names.add(name)) {
                findings.add(field(at) + "/service", "ha.service-name", "is named twice", name);
            }
        }
        return findings.all();
    }

    /**
     * What can't be had with this policy. Publishing may bring it about later: then a warning tells of it.
     *
     * @param policy what the instances serve
     */
    public static List<FieldError> against(StackSettings wish, Policy policy) {
        var findings = new Findings();
        if (wish.trafficMode() != TrafficMode.MIXED || wish.shared().mode() == HaMode.NONE) {
            return List.of();
        }
        var placement = Placement.of(wish, policy);
        placement.services().stream()
                .filter(service -> service.isEverywhere()
                        && wish.mixed().own(service.service()).isPresent())
                .forEach(service -> findings.add(
                        at(wish, service),
                        "ha.service-everywhere",
                        "listens on every address, so it is served as the services of each router are",
                        service.service()));
        placement
                .contradictions()
                .forEach(found -> findings.add(
                        at(wish, found.second()),
                        "ha.service-conflict",
                        "is served where %s is, because their addresses are of the router %s, and that one is to be %s: give one of them an address of another router"
                                .formatted(
                                        found.first().service(),
                                        found.router(),
                                        found.first().wanted()),
                        found.second().service()));
        return findings.all();
    }

    private static String at(StackSettings wish, Served service) {
        var names = wish.mixed().services().stream().map(OwnMode::service).toList();
        return field(names.indexOf(service.service()));
    }

    private static String field(int at) {
        return "/mixed/services/" + at;
    }
}
