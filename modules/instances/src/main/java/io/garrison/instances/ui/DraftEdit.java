package io.garrison.instances.ui;

import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Route;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Changes of a policy document, each as a new document. */
final class DraftEdit {

    private DraftEdit() {}

    /** @param at position, or -1 for a new one at the end */
    static Policy with(Policy policy, int at, VirtualService service) {
        return new Policy(put(policy.virtualServices(), at, service), policy.pools());
    }

    /** Puts a pool; where its name changes, what named it follows. */
    static Policy with(Policy policy, int at, Pool pool) {
        var before = at < 0 ? pool.name() : policy.pools().get(at).name();
        var services = before.equals(pool.name())
                ? policy.virtualServices()
                : policy.virtualServices().stream()
                        .map(service -> follow(service, before, pool.name()))
                        .toList();
        return new Policy(services, put(policy.pools(), at, pool));
    }

    static Policy withoutService(Policy policy, int at) {
        return new Policy(drop(policy.virtualServices(), at), policy.pools());
    }

    static Policy withoutPool(Policy policy, int at) {
        return new Policy(policy.virtualServices(), drop(policy.pools(), at));
    }

    /** The errors below a pointer, with the rest of their pointer as field. */
    static List<FieldError> below(List<FieldError> errors, String pointer) {
        return errors.stream()
                .filter(error -> error.field().equals(pointer) || error.field().startsWith(pointer + "/"))
                .map(error -> new FieldError(
                        error.field().length() > pointer.length()
                                ? error.field().substring(pointer.length() + 1)
                                : "",
                        error.code(),
                        error.message()))
                .toList();
    }

    private static VirtualService follow(VirtualService service, String before, String after) {
        UnaryOperator<String> name = pool -> pool.equals(before) ? after : pool;
        return new VirtualService(
                service.name(),
                service.address(),
                service.port(),
                service.protocol(),
                service.enabled(),
                service.certificate(),
                name.apply(service.pool()),
                service.accessList(),
                service.rateLimit(),
                service.maxConnections(),
                service.routes().stream()
                        .map(route -> new Route(route.when(), name.apply(route.pool())))
                        .toList(),
                service.persistence(),
                service.protection());
    }

    private static <T> List<T> put(List<T> list, int at, T element) {
        var copy = new ArrayList<>(list);
        if (at < 0) {
            copy.add(element);
        } else {
            copy.set(at, element);
        }
        return copy;
    }

    private static <T> List<T> drop(List<T> list, int at) {
        var copy = new ArrayList<>(list);
        copy.remove(at);
        return copy;
    }
}
