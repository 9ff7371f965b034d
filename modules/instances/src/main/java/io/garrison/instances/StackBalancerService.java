package io.garrison.instances;

import io.garrison.instances.balancer.BalancerPlan;
import io.garrison.instances.balancer.BalancerPlan.Front;
import io.garrison.instances.balancer.BalancerPlan.Server;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Report.ServiceState;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class StackBalancerService implements StackBalancer {

    /** A balancer of more is a mistake, and its file would be long. */
    private static final int MOST_INSTANCES = 100;

    private final Stacks stacks;
    private final Revisions revisions;
    private final Instances instances;
    private final AvailabilityRows availability;

    StackBalancerService(Stacks stacks, Revisions revisions, Instances instances, AvailabilityRows availability) {
        this.stacks = stacks;
        this.revisions = revisions;
        this.instances = instances;
        this.availability = availability;
    }

    /**
     * @param server name in the file, no other's in this stack
     * @param address as it reported it for itself; null if it never did
     */
    private record Candidate(
            InstanceSummary instance,
            String server,
            @Nullable String address) {}

    private record Place(String address, int port) {}

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Snippet of(StackId stack, BalancerFlavour flavour, int healthPort) {
        var row = stacks.require(stack);
        var revision = revisions.find(stack, row.incarnation(), row.latestRevision());
        var services = services(revision.map(PolicyManagement.Revision::policy).orElse(Policy.EMPTY));
        var members = candidates(stack);
        var fronts = new ArrayList<Front>();
        for (var service : services) {
            fronts.add(new Front(
                    service.name(),
                    service.port(),
                    service.protocol() == VirtualService.ServiceProtocol.HTTP && service.certificate() == null,
                    servers(service, members)));
        }
        if (fronts.isEmpty()) {
            throw new InstanceException.NoBalancer(
                    "balancer.nothing-published", "The stack has no published service. Publish its policy first.");
        }
        fronts.removeIf(front -> front.servers().isEmpty());
        if (fronts.isEmpty()) {
            throw new InstanceException.NoBalancer(
                    "balancer.no-instance",
                    "No instance of the stack has reported an address at which clients reach its services. Wait until one"
                            + " is in sync, or let the services listen on an address of the instance.");
        }
        var plan = new BalancerPlan(row.latestRevision(), healthPort, fronts);
        return new Snippet(flavour, plan.revision(), healthPort, plan.write(flavour), leftOut(members, fronts));
    }

    /** Those that are on. Two on one port have an address each, of which a balancer has none. */
    private static List<VirtualService> services(Policy policy) {
        var byPort = new LinkedHashMap<Integer, VirtualService>();
        for (var service : policy.virtualServices()) {
            if (!service.enabled()) {
                continue;
            }
            var other = byPort.put(service.port(), service);
            if (other != null) {
                throw new InstanceException.NoBalancer(
                        "balancer.shared-port",
                        "The services %s and %s have the same port %d, which a balancer can take for one of them only. Give one another port."
                                .formatted(other.name(), service.name(), service.port()));
            }
        }
        return List.copyOf(byPort.values());
    }

    private List<Candidate> candidates(StackId stack) {
        var own = new HashMap<UUID, String>();
        for (var peer : availability.peers(stack)) {
            if (peer.address() != null) {
                own.put(peer.instanceId(), peer.address());
            }
        }
        var members = instances.summaries(stack, null, MOST_INSTANCES);
        var taken = members.stream().map(InstanceSummary::name).collect(Collectors.toCollection(HashSet::new));
        var given = new HashSet<String>();
        var all = new ArrayList<Candidate>();
        for (var member : members) {
            var server = member.name();
            for (int twin = 2; given.contains(server) || twin > 2 && taken.contains(server); twin++) {
                server = member.name() + "-" + twin;
            }
            given.add(server);
            all.add(new Candidate(member, server, own.get(member.id().value())));
        }
        return all;
    }

    /** Where the instances serve it, an address that they share only once. */
    private static List<Server> servers(VirtualService service, List<Candidate> members) {
        Map<Place, Server> found = new LinkedHashMap<>();
        for (var member : members) {
            place(member, service)
                    .ifPresent(place ->
                            found.putIfAbsent(place, new Server(member.server(), place.address(), place.port())));
        }
        return List.copyOf(found.values());
    }

    private static Optional<Place> place(Candidate member, VirtualService service) {
        if (member.instance().lifecycleState() == LifecycleState.QUARANTINED) {
            return Optional.empty();
        }
        return member.instance().virtualServices().stream()
                .filter(state -> state.name().equals(service.name()))
                .map(state -> place(member, state))
                .filter(place -> BalancerPlan.isUsable(place.address(), place.port()))
                .findFirst();
    }

    private static Place place(Candidate member, ServiceState state) {
        return new Place(BalancerPlan.reachable(state.address(), member.address()), state.port());
    }

    private static List<LeftOut> leftOut(List<Candidate> members, List<Front> fronts) {
        var served = fronts.stream().map(Front::name).toList();
        return members.stream()
                .filter(member -> member.instance().virtualServices().stream()
                        .map(state -> served.contains(state.name()) ? place(member, state) : new Place("", 0))
                        .noneMatch(place -> BalancerPlan.isUsable(place.address(), place.port())))
                .map(member ->
                        new LeftOut(member.instance().id(), member.instance().name(), reason(member)))
                .toList();
    }

    private static String reason(Candidate member) {
        if (member.instance().virtualServices().isEmpty()) {
            return "has not reported where it serves";
        }
        return member.address() == null
                ? "serves on every address, and has not reported which is its own"
                : "has reported no address that clients of its services can be sent to";
    }
}
