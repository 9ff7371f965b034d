package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.edge.haproxy.HaproxyConfig.Section;
import io.garrison.edge.haproxy.Token.Literal;
import io.garrison.edge.haproxy.Token.Number;
import io.garrison.protocol.Persistence;
import io.garrison.protocol.PolicyLimits;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Pool.HealthMonitor;
import io.garrison.protocol.VirtualService;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool as one virtual service uses it: persistence is the service's, so each service has a backend of its own. */
final class PoolRenderer {

    private static final int MAX_MEMBERS = 1_000;

    private PoolRenderer() {}

    static Section render(
            VirtualService service, Pool pool, boolean http, boolean allowLoopback, @Nullable PeersRenderer peers) {
        Text.require(pool.members().size() <= MAX_MEMBERS, "pool of more than 1,000 members");
        var lines = new Lines().add(http ? "mode http" : "mode tcp");
        switch (pool.algorithm()) {
            case ROUND_ROBIN -> lines.add("balance roundrobin");
            case LEAST_CONNECTIONS -> lines.add("balance leastconn");
            case SOURCE -> lines.add("balance source").add("hash-type consistent");
        }
        boolean cookie = persist(service, http, peers != null, lines);
        var monitor = pool.healthMonitor();
        if (monitor != null) {
            monitor(monitor, lines);
        }
        var names = new HashSet<Token.Endpoint>();
        for (var member : pool.members()) {
            var endpoint = new Token.Endpoint(Ip.parse(member.address()), member.port());
            endpoint.ip().requireMember(allowLoopback);
            Text.require(names.add(endpoint), "two pool members on one address and port");
            Text.require(member.weight() >= 0 && member.weight() <= 256, "weight out of range");
            var name = Names.server(endpoint);
            lines.add(
                    "server",
                    name,
                    endpoint,
                    "weight",
                    new Number(member.weight(), ""),
                    cookie ? List.of(new Token.Keyword("cookie"), name) : List.of(),
                    monitor == null ? List.of() : check(monitor),
                    member.enabled() ? List.of() : List.of(new Token.Keyword("disabled")));
        }
        return lines.section("backend", Names.backend(service.name(), pool.name()));
    }

    /** Its enabled members, each tried in its turn; who can't be reached is left for the next. */
    static Section pass(VirtualService service, Pool pool, boolean allowLoopback) {
        var lines = new Lines()
                .add("mode tcp")
                .add("balance roundrobin")
                .add("retries 3")
                .add("option redispatch 1");
        for (var member : pool.members()) {
            var endpoint = new Token.Endpoint(Ip.parse(member.address()), member.port());
            endpoint.ip().requireMember(allowLoopback);
            if (member.enabled()) {
                lines.add("server", Names.server(endpoint), endpoint, "weight", new Number(member.weight(), ""));
            }
        }
        return lines.section("backend", Names.backend(service.name(), pool.name()));
    }

    private static boolean persist(VirtualService service, boolean http, boolean shared, Lines lines) {
        var persistence = service.persistence();
        if (persistence == null) {
            return false;
        }
        if (persistence.type() == Persistence.Type.SOURCE) {
            lines.add(
                            "stick-table type ipv6 size 100k expire 30m",
                            shared ? List.of(new Token.Keyword("peers"), PeersRenderer.SECTION) : List.of())
                    .add("stick on src");
            return false;
        }
        var name = persistence.name();
        Text.require(http, "cookie in a TCP service");
        Text.require(name != null && name.matches("[A-Za-z0-9_-]{1,64}"), "cookie name");
        lines.add(
                "cookie",
                new Literal(java.util.Objects.requireNonNull(name)),
                "insert indirect nocache httponly",
                service.certificate() == null ? List.of() : List.of(new Token.Keyword("secure")));
        return true;
    }

    private static void monitor(HealthMonitor monitor, Lines lines) {
        Text.require(
                monitor.intervalMs() >= 100
                        && monitor.intervalMs() <= 600_000
                        && monitor.timeoutMs() >= 50
                        && monitor.timeoutMs() <= 60_000
                        && monitor.rise() >= 1
                        && monitor.rise() <= 10
                        && monitor.fall() >= 1
                        && monitor.fall() <= 10,
                "health monitor out of range");
        lines.add("timeout check", new Number(monitor.timeoutMs(), "ms"));
        if (monitor.type() == HealthMonitor.Type.TCP) {
            return;
        }
        var path = monitor.path() == null ? "/" : monitor.path();
        var expect = monitor.expectStatus() == null ? "200-399" : monitor.expectStatus();
        Text.require(path.matches("/[!-~]*") && path.length() <= PolicyLimits.MONITOR_PATH, "path of a health monitor");
        Text.require(expect.matches("[1-5]\\d\\d(-[1-5]\\d\\d)?(,[1-5]\\d\\d(-[1-5]\\d\\d)?){0,9}"), "expected status");
        lines.add("option httpchk")
                .add("http-check send meth GET uri", new Literal(path), "ver HTTP/1.1 hdr host localhost")
                .add("http-check expect status", new Literal(expect));
    }

    private static List<Token> check(HealthMonitor monitor) {
        var tokens = PolicyRenderer.keywords("check inter");
        tokens.add(new Number(monitor.intervalMs(), "ms"));
        tokens.addAll(PolicyRenderer.keywords("rise"));
        tokens.add(new Number(monitor.rise(), ""));
        tokens.addAll(PolicyRenderer.keywords("fall"));
        tokens.add(new Number(monitor.fall(), ""));
        return tokens;
    }
}
