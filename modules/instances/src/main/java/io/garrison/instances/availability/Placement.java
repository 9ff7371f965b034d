package io.garrison.instances.availability;

import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.policy.Address;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import io.garrison.protocol.VirtualService;
import io.garrison.protocol.VirtualService.ServiceProtocol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which virtual services move with which virtual router, and how each router is served for it (HC-24). What moves are
 * addresses: all services on addresses of one router are where it is.
 *
 * @param routers in the order of the settings
 * @param services in the order of the policy
 */
public record Placement(List<Routed> routers, List<Served> services) {

    public Placement {
        routers = List.copyOf(routers);
        services = List.copyOf(services);
    }

    /**
     * @param holder who holds the addresses as long as it is healthy; null if nobody does
     * @param services names of those that move with it
     */
    public record Routed(
            String router,
            ServiceMode trafficMode,
            @Nullable UUID holder,
            List<String> services) {}

    /**
     * @param wanted its own mode, else that of its type
     * @param own whether it is its own
     * @param routers with which it moves: none if its address does not, more than one only if it listens on every address
     */
    public record Served(
            String service,
            ServiceProtocol protocol,
            String address,
            int port,
            ServiceMode wanted,
            boolean own,
            List<String> routers) {

        boolean isEverywhere() {
            return Placement.isEverywhere(address);
        }
    }

    private static boolean isEverywhere(String address) {
        return Address.parse(address).map(Address::isUnspecified).orElse(false);
    }

    /** @param policy what the instances serve */
    public static Placement of(StackSettings settings, Policy policy) {
        var services = policy.virtualServices().stream()
                .map(service -> served(settings, service))
                .toList();
        var members = settings.sides().stream().map(Side::instanceId).sorted().toList();
        boolean held = settings.shared().mode() != HaMode.NONE && !members.isEmpty();
        var modes = settings.routers().stream()
                .map(router -> mode(settings, on(router.name(), services)))
                .toList();
        var routers = IntStream.range(0, modes.size())
                .mapToObj(at -> {
                    var name = settings.routers().get(at).name();
                    return new Routed(
                            name,
                            modes.get(at),
                            held ? Planning.owner(settings, modes, members, at) : null,
                            on(name, services).map(Served::service).toList());
                })
                .toList();
        return new Placement(routers, services);
    }

    /** Of each router, in the order of the settings. */
    List<ServiceMode> modes() {
        return routers.stream().map(Routed::trafficMode).toList();
    }

    private static Served served(StackSettings settings, VirtualService service) {
        var listens = Address.parse(service.address());
        // Who listens on every address moves with all routers, and is served as each of them is.
        var own = settings.mixed().own(service.name()).filter(mode -> !isEverywhere(service.address()));
        return new Served(
                service.name(),
                service.protocol(),
                service.address(),
                service.port(),
                own.orElseGet(() -> settings.mixed().byType(service)),
                own.isPresent(),
                settings.routers().stream()
                        .filter(router ->
                                listens.filter(address -> isOn(router, address)).isPresent())
                        .map(RouterSettings::name)
                        .toList());
    }

    /** Who listens on every address of a family listens on those that move too. */
    private static boolean isOn(RouterSettings router, Address listens) {
        return router.addresses().stream()
                .map(each -> Address.parse(each.address()))
                .flatMap(Optional::stream)
                .anyMatch(moved -> moved.equals(listens) || listens.isUnspecified() && moved.bits() == listens.bits());
    }

    private static Stream<Served> on(String router, List<Served> services) {
        return services.stream().filter(service -> service.routers().contains(router));
    }

    /** Where services do not agree one instance serves, which is right for those of either mode. */
    private static ServiceMode mode(StackSettings settings, Stream<Served> services) {
        return switch (settings.trafficMode()) {
            case ACTIVE_PASSIVE -> ServiceMode.ACTIVE_PASSIVE;
            case ACTIVE_ACTIVE -> ServiceMode.ACTIVE_ACTIVE;
            case MIXED -> {
                var modes = deciding(services.toList());
                yield modes.size() == 1 ? modes.iterator().next() : ServiceMode.ACTIVE_PASSIVE;
            }
        };
    }

    /** Those that have a mode of their own, if there are any; of the rest the type speaks only where none has. */
    private static Set<ServiceMode> deciding(List<Served> services) {
        boolean anyOwn = services.stream().anyMatch(Served::own);
        return services.stream()
                .filter(service -> service.own() || !anyOwn)
                .map(Served::wanted)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Routers whose services want both modes, none of which can be preferred. */
    List<Routed> undecided() {
        return routers.stream()
                .filter(router ->
                        deciding(on(router.router(), services).toList()).size() > 1)
                .toList();
    }

    /** Of each router the first service that has a mode of its own, and one that has the other. */
    List<Contradiction> contradictions() {
        return routers.stream()
                .map(router -> contradiction(router.router()))
                .filter(Objects::nonNull)
                .toList();
    }

    record Contradiction(String router, Served first, Served second) {}

    private @Nullable Contradiction contradiction(String router) {
        var own = on(router, services).filter(Served::own).toList();
        return own.stream()
                .filter(service -> service.wanted() != own.getFirst().wanted())
                .findFirst()
                .map(service -> new Contradiction(router, own.getFirst(), service))
                .orElse(null);
    }
}
