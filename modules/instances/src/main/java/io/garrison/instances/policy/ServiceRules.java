package io.garrison.instances.policy;

import io.garrison.protocol.AccessList;
import io.garrison.protocol.Persistence;
import io.garrison.protocol.Protection;
import io.garrison.protocol.RateLimit;
import io.garrison.protocol.Route;
import io.garrison.protocol.VirtualService;
import io.garrison.protocol.VirtualService.ServiceProtocol;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a virtual service must be. */
final class ServiceRules {

    static final int MAX_RATE = 1_000_000;
    static final int MAX_CONNECTIONS = 1_000_000;
    static final int MAX_ROUTES = 100;
    static final int MAX_ACCESS_ENTRIES = 10_000;

    private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

    private final Errors errors;
    private final PolicyRules.Surroundings around;
    private final Set<String> pools;

    ServiceRules(Errors errors, PolicyRules.Surroundings around, Set<String> pools) {
        this.errors = errors;
        this.around = around;
        this.pools = pools;
    }

    void check(String at, VirtualService service) {
        if (!Texts.isName(service.name())) {
            errors.add(at + "/name", "policy.name", NAME_RULE, service.name());
        }
        address(at + "/address", service.address());
        errors.range(at + "/port", service.port(), 1, 65_535);
        pool(at + "/pool", service.pool());
        errors.range(at + "/maxConnections", service.maxConnections(), 1, MAX_CONNECTIONS);
        certificate(at + "/certificate", service.certificate());
        access(at + "/accessList", service.accessList());
        rateLimit(at + "/rateLimit", service.rateLimit(), service.protocol());
        routes(at + "/routes", service.routes(), service.protocol());
        persistence(at + "/persistence", service.persistence(), service.protocol());
        if (service.protection().mode() != Protection.Mode.BYPASS) {
            errors.add(
                    at + "/protection/mode",
                    "policy.protection-unavailable",
                    "only BYPASS is available in this version",
                    service.protection().mode());
        }
    }

    static final String NAME_RULE = "must be 1 to 63 letters, digits, '.', '_', '-'";

    private void address(String at, @Nullable String text) {
        var address = Address.parse(text);
        if (address.isEmpty()) {
            errors.add(at, "policy.address", "must be an IPv4 or IPv6 address in its plain form", text);
        } else if (address.get().isForbidden()) {
            errors.add(
                    at, "policy.address-forbidden", "multicast, link-local and reserved addresses can't listen", text);
        } else if (address.get().isLoopback() && !around.allowLoopback()) {
            errors.add(at, "policy.address-loopback", LOOPBACK_RULE, text);
        }
    }

    static final String LOOPBACK_RULE = "loopback addresses are the appliance's own";

    private void pool(String at, @Nullable String name) {
        if (name == null) {
            errors.add(at, "policy.required", "name the pool that takes the traffic");
        } else if (!pools.contains(name)) {
            errors.add(at, "policy.unknown-pool", "there is no pool of this name", name);
        }
    }

    private void certificate(String at, @Nullable String name) {
        if (name != null && !around.certificates().contains(name)) {
            errors.add(at, "policy.unknown-certificate", "the stack has no certificate of this name", name);
        }
    }

    private void access(String at, AccessList list) {
        blocks(at + "/deny", list.deny());
        blocks(at + "/allow", list.allow());
    }

    private void blocks(String at, List<String> blocks) {
        errors.atMost(at, blocks, MAX_ACCESS_ENTRIES);
        for (int i = 0; i < Math.min(blocks.size(), MAX_ACCESS_ENTRIES); i++) {
            block(at + "/" + i, blocks.get(i));
        }
    }

    private void block(String at, String text) {
        int slash = text.indexOf('/');
        var address = Address.parse(slash < 0 ? text : text.substring(0, slash));
        var prefix = slash < 0 ? null : text.substring(slash + 1);
        if (address.isEmpty() || prefix != null && !PREFIX.matcher(prefix).matches()) {
            errors.add(at, "policy.cidr", "must be an address or a block such as 203.0.113.0/24", text);
            return;
        }
        if (prefix == null) {
            return;
        }
        int length = Integer.parseInt(prefix);
        if (length > address.get().bits()) {
            errors.add(
                    at,
                    "policy.cidr",
                    "has at most %d bits".formatted(address.get().bits()),
                    text);
            return;
        }
        var network = address.get().network(length);
        if (!network.equals(address.get())) {
            errors.add(
                    at, "policy.cidr", "has bits beyond its length; %s/%d is meant".formatted(network, length), text);
        }
    }

    private void rateLimit(String at, @Nullable RateLimit limit, ServiceProtocol protocol) {
        if (limit == null) {
            return;
        }
        var requests = limit.requestsPerSecond();
        var connections = limit.connectionsPerSecond();
        var perMinute = limit.requestsPerMinute();
        if (requests == null && connections == null && perMinute == null) {
            errors.add(
                    at,
                    "policy.required",
                    "set requestsPerSecond, requestsPerMinute, connectionsPerSecond or several of them");
        }
        requestRate(at + "/requestsPerSecond", requests, protocol);
        requestRate(at + "/requestsPerMinute", perMinute, protocol);
        if (connections != null) {
            errors.range(at + "/connectionsPerSecond", connections, 1, MAX_RATE);
        }
    }

    private void requestRate(String at, @Nullable Integer rate, ServiceProtocol protocol) {
        if (rate == null) {
            return;
        }
        errors.range(at, rate, 1, MAX_RATE);
        if (protocol != ServiceProtocol.HTTP) {
            errors.add(at, "policy.http-only", "a TCP service has no requests");
        }
    }

    private void routes(String at, List<Route> routes, ServiceProtocol protocol) {
        if (!routes.isEmpty() && protocol != ServiceProtocol.HTTP) {
            errors.add(at, "policy.http-only", "a TCP service has no requests to route");
        }
        errors.atMost(at, routes, MAX_ROUTES);
        for (int i = 0; i < Math.min(routes.size(), MAX_ROUTES); i++) {
            var route = routes.get(i);
            pool(at + "/%d/pool".formatted(i), route.pool());
            condition(at + "/%d/when".formatted(i), route.when());
        }
    }

    private void condition(String at, Route.@Nullable Condition when) {
        if (when == null || when.host() == null && when.pathPrefix() == null && when.header() == null) {
            errors.add(at, "policy.required", "set host, pathPrefix, header or several of them");
            return;
        }
        if (when.host() != null && !Texts.isHost(when.host())) {
            errors.add(at + "/host", "policy.host", "must be a host name without port", when.host());
        }
        if (when.pathPrefix() != null && !Texts.isPath(when.pathPrefix())) {
            errors.add(
                    at + "/pathPrefix",
                    "policy.path",
                    "must begin with / and be a path as in a URL, at most 1,024 characters",
                    when.pathPrefix());
        }
        if (when.header() != null) {
            header(at + "/header", when.header());
        }
    }

    private void header(String at, Route.HeaderMatch header) {
        if (!Texts.isHeaderName(header.name())) {
            errors.add(
                    at + "/name",
                    "policy.header-name",
                    "must be the name of an HTTP header: 1 to 64 letters, digits, - and _",
                    header.name());
        }
        if (!Texts.isHeaderValue(header.value())) {
            errors.add(
                    at + "/value",
                    "policy.header-value",
                    "must be 1 to 1,024 visible ASCII characters, blanks only inside, and not } alone",
                    header.value());
        }
    }

    private void persistence(String at, @Nullable Persistence persistence, ServiceProtocol protocol) {
        if (persistence == null) {
            return;
        }
        Persistence.@Nullable Type type = persistence.type();
        if (type == null) {
            errors.add(at + "/type", "policy.required", "set COOKIE or SOURCE");
            return;
        }
        switch (type) {
            case COOKIE -> {
                if (protocol != ServiceProtocol.HTTP) {
                    errors.add(at + "/type", "policy.http-only", "a TCP service has no cookies; use SOURCE", type);
                }
                if (!Texts.isCookieName(persistence.name())) {
                    errors.add(
                            at + "/name",
                            "policy.cookie-name",
                            "must be 1 to 63 letters, digits, '_', '-'",
                            persistence.name());
                }
            }
            case SOURCE -> {
                if (persistence.name() != null) {
                    errors.add(at + "/name", "policy.not-applicable", "only a cookie has a name", persistence.name());
                }
            }
        }
    }
}
