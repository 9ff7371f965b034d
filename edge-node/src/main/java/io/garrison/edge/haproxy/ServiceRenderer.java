package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.edge.haproxy.HaproxyConfig.Section;
import io.garrison.edge.haproxy.Rendering.RenderedService;
import io.garrison.edge.haproxy.Token.Format;
import io.garrison.edge.haproxy.Token.Literal;
import io.garrison.edge.haproxy.Token.Number;
import io.garrison.edge.haproxy.Token.Pattern;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.PolicyLimits;
import io.garrison.protocol.Pool;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Route;
import io.garrison.protocol.VirtualService;
import io.garrison.protocol.VirtualService.ServiceProtocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One virtual service: its frontend and, through {@link PoolRenderer}, a backend for each pool that it uses. */
final class ServiceRenderer {

    private static final int MAX_ADDRESSES = 10_000;

    private final HaproxySettings settings;
    private final Layout layout;
    private final Map<String, Pool> pools;
    private final Map<String, CertificateMaterial> certificates;
    private final Map<Path, byte[]> files;
    private final @Nullable PeersRenderer peers;

    ServiceRenderer(
            HaproxySettings settings,
            Layout layout,
            Map<String, Pool> pools,
            Map<String, CertificateMaterial> certificates,
            Map<Path, byte[]> files,
            @Nullable PeersRenderer peers) {
        this.settings = settings;
        this.layout = layout;
        this.pools = pools;
        this.certificates = certificates;
        this.files = files;
        this.peers = peers;
    }

    RenderedService render(
            VirtualService service, Token.Endpoint endpoint, boolean allowLoopback, List<Section> sections) {
        boolean http = service.protocol() == ServiceProtocol.HTTP;
        var frontend = Names.frontend(service.name());
        var used = new LinkedHashSet<String>();
        used.add(service.pool());
        service.routes().forEach(route -> used.add(route.pool()));
        Text.require(http || service.routes().isEmpty(), "routes in a TCP service");
        int members = 0;
        for (var name : used) {
            var pool = pools.get(name);
            Text.require(pool != null, "a pool that is not in the policy");
            var backend =
                    PoolRenderer.render(service, java.util.Objects.requireNonNull(pool), http, allowLoopback, peers);
            if (service.enabled()) {
                sections.add(backend);
            }
            members +=
                    (int) pool.members().stream().filter(Pool.Member::enabled).count();
        }
        var rates = new RateRenderer(service, http, service.enabled() ? peers : null);
        var section = frontend(service, endpoint, http, rates).section("frontend", frontend);
        if (service.enabled()) {
            sections.addAll(rates.sections());
            sections.add(section);
        }
        return new RenderedService(
                service.name(),
                frontend.name(),
                endpoint.ip().text(),
                endpoint.port(),
                http,
                service.enabled(),
                members);
    }

    /** Nothing but where its connections come from and go to. */
    RenderedService pass(
            VirtualService service, Token.Endpoint endpoint, boolean allowLoopback, List<Section> sections) {
        var pool = pools.get(service.pool());
        Text.require(pool != null, "a pool that is not in the policy");
        var frontend = Names.frontend(service.name());
        if (service.enabled()) {
            sections.add(PoolRenderer.pass(service, java.util.Objects.requireNonNull(pool), allowLoopback));
            sections.add(bind(service, endpoint, service.protocol() == ServiceProtocol.HTTP)
                    .add("default_backend", Names.backend(service.name(), service.pool()))
                    .section("frontend", frontend));
        }
        return new RenderedService(
                service.name(), frontend.name(), endpoint.ip().text(), endpoint.port(), false, service.enabled(), (int)
                        java.util.Objects.requireNonNull(pool).members().stream()
                                .filter(Pool.Member::enabled)
                                .count());
    }

    private Lines bind(VirtualService service, Token.Endpoint endpoint, boolean http) {
        return new Lines()
                .add("mode tcp")
                .add(
                        "bind",
                        endpoint,
                        endpoint.ip().isV6() ? List.of(new Token.Keyword("v6only")) : List.of(),
                        tls(service, http));
    }

    private Lines frontend(VirtualService service, Token.Endpoint endpoint, boolean http, RateRenderer rates) {
        Text.require(
                service.maxConnections() >= 1 && service.maxConnections() <= 1_000_000, "maxConnections out of range");
        var lines = new Lines()
                .add(http ? "mode http" : "mode tcp")
                .add(
                        "bind",
                        endpoint,
                        endpoint.ip().isV6() ? List.of(new Token.Keyword("v6only")) : List.of(),
                        tls(service, http))
                .add("maxconn", new Number(Math.min(service.maxConnections(), settings.maxConnections()), ""));
        if (settings.accessLog()) {
            lines.add("log ring@accesslog len 8192 format raw local0")
                    .add("log-format", new Format(http ? AccessLogLine.HTTP_FORMAT : AccessLogLine.TCP_FORMAT));
        }
        // before any http-request rule: HAProxy warns of the other order
        rates.connections(lines);
        if (http) {
            // HTTP/2 is counted by another multiplexer, of which no bill is made
            lines.add("option disable-h2-upgrade")
                    // a browser that connects ahead and never asks is no request
                    .add("option http-ignore-probes")
                    .add("option idle-close-on-response")
                    .add("unique-id-format", new Format("%[uuid()]"))
                    .add("http-request capture req.hdr(host) len 256")
                    .add("http-request capture req.hdr(user-agent) len 512");
        }
        denyBlocked(http, lines);
        denyAddresses(service, http, lines);
        if (http) {
            rates.requests(lines);
            lines.add("http-request del-header x-forwarded-for")
                    .add("http-request set-header x-forwarded-for", new Format("%[src]"))
                    .add("http-request set-header x-request-id", new Format("%[unique-id]"))
                    .add(
                            "http-after-response set-header connection close if {",
                            new Literal("dst,map_ip(\"" + layout.closing() + "\")"),
                            "-m found }");
        }
        service.routes().forEach(route -> route(service, route, lines));
        return lines.add("default_backend", Names.backend(service.name(), service.pool()));
    }

    private List<Token> tls(VirtualService service, boolean http) {
        var name = service.certificate();
        if (name == null) {
            return List.of();
        }
        var material = certificates.get(name);
        if (material == null) {
            throw new PolicyRefusedException("certificate-invalid", "A certificate of the policy is not at hand.");
        }
        byte[] pem = material.pem().getBytes(StandardCharsets.UTF_8);
        var file = layout.certificates().resolve(ProtocolJson.sha256Hex(pem) + ".pem");
        files.put(file, pem);
        var tokens = PolicyRenderer.keywords("ssl crt");
        tokens.add(new Literal(file.toString()));
        tokens.addAll(PolicyRenderer.keywords(http ? "ssl-min-ver TLSv1.2 alpn http/1.1" : "ssl-min-ver TLSv1.2"));
        return tokens;
    }

    /** HAProxy itself looks whether a block is over, so that it ends in time without the agent. */
    private void denyBlocked(boolean http, Lines lines) {
        var until = new Literal("src,map_ip_int(\"" + layout.blocked() + "\")");
        var word = http ? "http-request" : "tcp-request content";
        lines.add(word + " set-var(txn.blocked)", until)
                .add(word + " set-var(txn.verdict) str(BLOCKED) if { var(txn.blocked) -m found }"
                        + " { date(),neg,add(txn.blocked) -m int gt 0 }")
                .add((http ? word + " deny deny_status 403" : word + " reject")
                        + " if { var(txn.verdict) -m str BLOCKED }");
    }

    private void denyAddresses(VirtualService service, boolean http, Lines lines) {
        var access = service.accessList();
        if (!access.deny().isEmpty()) {
            deny(list(access.deny()), "{ src -f", http, lines);
        }
        if (!access.allow().isEmpty()) {
            deny(list(access.allow()), "!{ src -f", http, lines);
        }
    }

    private static void deny(Literal list, String condition, boolean http, Lines lines) {
        if (http) {
            lines.add("http-request set-var(txn.verdict) str(DENIED_ADDRESS) if " + condition, list, "}")
                    .add("http-request deny deny_status 403 if " + condition, list, "}");
        } else {
            lines.add("tcp-request content set-var(txn.verdict) str(DENIED_ADDRESS) if " + condition, list, "}")
                    .add("tcp-request content reject if " + condition, list, "}");
        }
    }

    private Literal list(List<String> blocks) {
        Text.require(blocks.size() <= MAX_ADDRESSES, "list of more than 10,000 addresses");
        var text = new StringBuilder();
        for (var block : blocks) {
            text.append(Ip.cidr(block)).append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        var file = layout.lists().resolve(ProtocolJson.sha256Hex(bytes) + ".lst");
        files.put(file, bytes);
        return new Literal(file.toString());
    }

    private static void route(VirtualService service, Route route, Lines lines) {
        var when = route.when();
        var conditions = new java.util.ArrayList<Token>();
        if (when.host() != null) {
            conditions.addAll(PolicyRenderer.keywords("{ req.hdr(host),host_only,lower -m str"));
            conditions.add(new Pattern(when.host().toLowerCase(Locale.ROOT)));
            conditions.addAll(PolicyRenderer.keywords("}"));
        }
        if (when.header() != null) {
            Text.require(PolicyLimits.HEADER_NAME.matcher(when.header().name()).matches(), "header name");
            conditions.addAll(
                    PolicyRenderer.keywords("{ req.fhdr(" + when.header().name() + ") -m str"));
            conditions.add(new Pattern(when.header().value()));
            conditions.addAll(PolicyRenderer.keywords("}"));
        }
        var prefix = when.pathPrefix();
        Text.require(prefix != null || !conditions.isEmpty(), "route without a condition");
        var backend = Names.backend(service.name(), route.pool());
        if (prefix == null) {
            lines.add("use_backend", backend, "if", conditions);
            return;
        }
        Text.require(prefix.startsWith("/"), "path prefix that does not begin with a slash");
        // whole segments: the path itself, or anything below it
        if (!prefix.endsWith("/")) {
            lines.add("use_backend", backend, "if", conditions, "{ path -m str", new Pattern(prefix), "}");
        }
        var below = prefix.endsWith("/") ? prefix : prefix + "/";
        lines.add("use_backend", backend, "if", conditions, "{ path -m beg", new Pattern(below), "}");
    }
}
