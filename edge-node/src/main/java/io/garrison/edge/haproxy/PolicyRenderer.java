package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.edge.haproxy.HaproxyConfig.Section;
import io.garrison.edge.haproxy.Rendering.RenderedService;
import io.garrison.edge.haproxy.Token.Literal;
import io.garrison.edge.haproxy.Token.Number;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns a policy into the model of a configuration. A pure function of its arguments. */
final class PolicyRenderer {

    private static final int MAX_SERVICES = 1_000;

    private final HaproxySettings settings;
    private final Layout layout;
    private final boolean root;

    /** @param root whether HAProxy starts as root, so that it can change to a user and a directory without rights */
    PolicyRenderer(HaproxySettings settings, Layout layout, boolean root) {
        this.settings = settings;
        this.layout = layout;
        this.root = root;
    }

    /**
     * @param link to the other instances of the stack; null without shared tables
     * @param passing whether connections are only passed on
     */
    Rendering render(
            Policy policy,
            boolean allowLoopback,
            Map<String, CertificateMaterial> certificates,
            ListenAddresses addresses,
            @Nullable StackLink link,
            boolean passing) {
        Text.require(policy.virtualServices().size() <= MAX_SERVICES, "more than 1,000 virtual services");
        var pools = new HashMap<String, Pool>();
        policy.pools().forEach(pool -> Text.require(pools.put(pool.name(), pool) == null, "two pools of one name"));
        var files = new TreeMap<Path, byte[]>();
        var sections = new ArrayList<Section>();
        sections.add(global(allowLoopback, link));
        var peers = link == null ? null : new PeersRenderer(link, layout, files);
        if (settings.accessLog() && !passing) {
            sections.add(ring());
        }
        sections.add(defaults());
        var services = new ArrayList<RenderedService>();
        var renderer = new ServiceRenderer(settings, layout, pools, certificates, files, peers);
        var names = new HashSet<String>();
        var listeners = new HashSet<Token.Endpoint>();
        for (var service : policy.virtualServices()) {
            Text.require(names.add(service.name()), "two virtual services of one name");
            var endpoint = new Token.Endpoint(Ip.parse(addresses.of(service.address())), service.port());
            endpoint.ip().requireListener(allowLoopback);
            if (service.enabled()) {
                Text.require(listeners.add(endpoint), "two virtual services on one address and port");
            }
            services.add(
                    passing
                            ? renderer.pass(service, endpoint, allowLoopback, sections)
                            : renderer.render(service, endpoint, allowLoopback, sections));
        }
        if (peers != null) {
            sections.add(peers.section());
        }
        return new Rendering(new HaproxyConfig(sections), files, List.copyOf(services));
    }

    private Section global(boolean allowLoopback, @Nullable StackLink link) {
        var lines = new Lines()
                .add("stats socket", new Literal(layout.stats().toString()), "mode 600 level admin expose-fd listeners")
                .add("stats timeout 60s")
                .add("maxconn", new Number(settings.maxConnections(), ""))
                .add("nbthread", new Number(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8), ""))
                .add("hard-stop-after", new Number(settings.hardStopAfter().toSeconds(), "s"))
                .add("ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets");
        countOnce(lines);
        if (!allowLoopback) {
            // Two processes that share a port would share its clients by chance. Where loopback is allowed, all
            // instances of a stack live on one machine and want just that.
            lines.add("noreuseport");
        }
        if (link != null) {
            lines.add("localpeer", Names.peer(link.self()));
        }
        if (root) {
            lines.add("chroot", new Literal(layout.jail().toString()))
                    .add("user haproxy")
                    .add("group haproxy");
        }
        return lines.section("global", null);
    }

    /**
     * Since 2.9, HAProxy forwards bodies without copying them, and then adds them to {@code h1_bytes_out} twice (seen in
     * 3.0.11). The program that reads the file decides, because it may have been upgraded while the agent runs.
     */
    private static void countOnce(Lines lines) {
        lines.add(Rereading.SINCE_ZERO_COPY)
                .add("tune.disable-zero-copy-forwarding")
                .add(".endif");
    }

    private Section ring() {
        var socket = root ? "/log.sock" : layout.logSocket().toString();
        return new Lines()
                .add("format raw")
                .add("maxlen 8192")
                .add("size 8388608")
                .add("timeout connect 1s")
                .add("timeout server 10s")
                .add("server log", new Literal("unix@" + socket), "log-proto octet-count")
                .section("ring", new Token.Identifier("accesslog"));
    }

    private static Section defaults() {
        return new Lines()
                .add("mode http")
                .add("timeout connect 5s")
                .add("timeout client 60s")
                .add("timeout server 60s")
                .add("timeout http-request 15s")
                .add("timeout http-keep-alive 30s")
                .add("timeout queue 10s")
                .add("timeout check 5s")
                .section("defaults", null);
    }

    static List<Token> keywords(String words) {
        var tokens = new ArrayList<Token>();
        for (var word : words.split(" ")) {
            tokens.add(new Token.Keyword(word));
        }
        return tokens;
    }
}
