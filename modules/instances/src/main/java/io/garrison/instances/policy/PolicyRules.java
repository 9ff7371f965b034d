package io.garrison.instances.policy;

import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a policy must be to be published. Finds every error, not the first. */
public final class PolicyRules {

    static final int MAX_VIRTUAL_SERVICES = 500;
    static final int MAX_POOLS = 500;

    private final Surroundings around;
    private final Errors errors = new Errors();

    private PolicyRules(Surroundings around) {
        this.around = around;
    }

    /**
     * What a policy refers to outside itself.
     *
     * @param certificates names of the stack's certificates
     * @param allowLoopback whether listeners and pool members may be loopback addresses
     */
    public record Surroundings(Set<String> certificates, boolean allowLoopback) {}

    /** @return an error for every rule that is broken, with its JSON pointer; empty if the policy may be published */
    public static List<FieldError> check(Policy policy, Surroundings around) {
        var rules = new PolicyRules(around);
        rules.policy(policy);
        return rules.errors.found();
    }

    private void policy(Policy policy) {
        errors.atMost("/virtualServices", policy.virtualServices(), MAX_VIRTUAL_SERVICES);
        errors.atMost("/pools", policy.pools(), MAX_POOLS);
        var pools = poolNames(policy.pools());
        var services = new ServiceRules(errors, around, pools);
        for (int i = 0; i < Math.min(policy.virtualServices().size(), MAX_VIRTUAL_SERVICES); i++) {
            services.check("/virtualServices/" + i, policy.virtualServices().get(i));
        }
        uniqueServiceNames(policy.virtualServices());
        uniqueListeners(policy.virtualServices());
        var members = new PoolRules(errors, around);
        for (int i = 0; i < Math.min(policy.pools().size(), MAX_POOLS); i++) {
            members.check("/pools/" + i, policy.pools().get(i));
        }
    }

    private Set<String> poolNames(List<Pool> pools) {
        var names = new TreeSet<String>();
        for (int i = 0; i < pools.size(); i++) {
            @Nullable String name = pools.get(i).name();
            if (name != null && !names.add(name)) {
                errors.add("/pools/%d/name".formatted(i), "policy.name-taken", "another pool has this name", name);
            }
        }
        return names;
    }

    private void uniqueServiceNames(List<VirtualService> services) {
        var names = new TreeSet<String>();
        for (int i = 0; i < services.size(); i++) {
            @Nullable String name = services.get(i).name();
            if (name != null && !names.add(name)) {
                errors.add(
                        "/virtualServices/%d/name".formatted(i),
                        "policy.name-taken",
                        "another virtual service has this name",
                        name);
            }
        }
    }

    /** Two services can't listen on one address and port; an unspecified address takes the port on all of them. */
    private void uniqueListeners(List<VirtualService> services) {
        Map<Integer, Map<String, String>> byPort = new HashMap<>();
        for (int i = 0; i < services.size(); i++) {
            var service = services.get(i);
            var address = Address.parse(service.address());
            if (address.isEmpty()) {
                continue;
            }
            var text = address.get().isUnspecified() ? "*" : address.get().toString();
            var taken = byPort.computeIfAbsent(service.port(), port -> new HashMap<>());
            @Nullable
            String other = text.equals("*")
                    ? taken.values().stream().findFirst().orElse(null)
                    : taken.getOrDefault(text, taken.get("*"));
            if (other != null) {
                errors.add(
                        "/virtualServices/%d/port".formatted(i),
                        "policy.listener-taken",
                        "virtual service %s listens on this address and port already".formatted(other),
                        service.port());
            }
            taken.putIfAbsent(text, Texts.isName(service.name()) ? service.name() : "number " + i);
        }
    }
}
