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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    StackBalancerService(Stacks stacks, Revisions revisions, Instances instances) {
        this.stacks = stacks;
        this.revisions = revisions;
        this.instances = instances;
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Snippet of(StackId stack, BalancerFlavour flavour, int healthPort) {
        var row = stacks.require(stack);
        var revision = revisions.find(stack, row.incarnation(), row.latestRevision());
        var services = services(revision.map(PolicyManagement.Revision::policy).orElse(Policy.EMPTY));
        var members = instances.summaries(stack, null, MOST_INSTANCES);
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
                    "No instance of the stack has reported an address of its own at which it serves. Wait until one is in"
                            + " sync, and let its services listen on an address of the instance.");
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

    /** Where the instances serve it, an address that they share only once. */
    private static List<Server> servers(VirtualService service, List<InstanceSummary> members) {
        Map<String, Server> found = new LinkedHashMap<>();
        var names = new HashMap<String, Integer>();
        for (var member : members) {
            place(member, service).ifPresent(place -> {
                int twins = names.merge(member.name(), 1, Integer::sum);
                var name = twins == 1 ? member.name() : member.name() + "-" + twins;
                found.putIfAbsent(
                        place.address() + " " + place.port(), new Server(name, place.address(), place.port()));
            });
        }
        return List.copyOf(found.values());
    }

    private static Optional<ServiceState> place(InstanceSummary member, VirtualService service) {
        if (member.lifecycleState() == LifecycleState.QUARANTINED) {
            return Optional.empty();
        }
        return member.virtualServices().stream()
                .filter(state -> state.name().equals(service.name()))
                .filter(state -> BalancerPlan.isUsable(state.address(), state.port()))
                .findFirst();
    }

    private static List<LeftOut> leftOut(List<InstanceSummary> members, List<Front> fronts) {
        var served = fronts.stream().map(Front::name).toList();
        return members.stream()
                .filter(member -> member.virtualServices().stream()
                        .noneMatch(state ->
                                served.contains(state.name()) && BalancerPlan.isUsable(state.address(), state.port())))
                .map(member -> new LeftOut(
                        member.id(),
                        member.name(),
                        member.virtualServices().isEmpty()
                                ? "has not reported where it serves"
                                : "serves on every address, so its own is not known"))
                .toList();
    }
}
