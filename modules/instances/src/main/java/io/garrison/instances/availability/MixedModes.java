package io.garrison.instances.availability;

import io.garrison.protocol.VirtualService;
import java.util.List;
import java.util.Optional;

/**
 * How virtual services are served where the traffic mode is MIXED (HC-24). Without effect in the others.
 *
 * @param http of HTTP services that are not named
 * @param tcp of TCP services that are not named
 * @param services each at most once, whether the newest revision has it or not
 */
public record MixedModes(ServiceMode http, ServiceMode tcp, List<OwnMode> services) {

    /** Requests stand by themselves; what a TCP service speaks is not known, so it stays with one instance. */
    public static final MixedModes DEFAULT =
            new MixedModes(ServiceMode.ACTIVE_ACTIVE, ServiceMode.ACTIVE_PASSIVE, List.of());

    public MixedModes {
        services = List.copyOf(services);
    }

    public enum ServiceMode {
        /** Its router's addresses are held by the instances in turn. */
        ACTIVE_ACTIVE,
        /** Its router's addresses are held by the primary. */
        ACTIVE_PASSIVE
    }

    /** @param service name of a virtual service */
    public record OwnMode(String service, ServiceMode trafficMode) {}

    Optional<ServiceMode> own(String service) {
        return services.stream()
                .filter(one -> one.service().equals(service))
                .map(OwnMode::trafficMode)
                .findFirst();
    }

    ServiceMode byType(VirtualService service) {
        return switch (service.protocol()) {
            case HTTP -> http;
            case TCP -> tcp;
        };
    }
}
