package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service in Consul's catalogue, by the HTTP API of its agent (developer.hashicorp.com/consul/api-docs). Consul tries the
 * port for peers by itself, and takes an instance off that does not answer for a minute.
 */
final class ConsulDiscovery implements DiscoveryProvider {

    private static final Logger log = LoggerFactory.getLogger(ConsulDiscovery.class);
    /** An agent of Consul forgets its services when it loses its disk. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final DiscoverySettings settings;
    private final Self self;
    private final HttpCalls calls;
    private long announcedNanos;
    private boolean announced;

    ConsulDiscovery(DiscoverySettings settings, Self self) {
        this.settings = settings;
        this.self = self;
        this.calls = new HttpCalls(settings.dialTimeout(), null, "Consul", Problem.CONSUL_FAILED);
    }

    @Override
    public void announce() throws DiscoveryException, InterruptedException {
        if (announced && System.nanoTime() - announcedNanos < AGAIN.toNanos()) {
            return;
        }
        var address = self.address().getAddress().getHostAddress();
        int port = self.address().getPort();
        var service = Map.of(
                "ID",
                id(),
                "Name",
                self.serviceName(),
                "Address",
                address,
                "Port",
                port,
                "Check",
                Map.of(
                        "Name", "port for peers",
                        "TCP", (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port,
                        "Interval", "10s",
                        "Timeout", "5s",
                        "DeregisterCriticalServiceAfter", "1m",
                        "Status", "passing"));
        var answer = calls.send(request("/v1/agent/service/register")
                .PUT(BodyPublishers.ofByteArray(ProtocolJson.write(service)))
                .build());
        requireAllowed(answer);
        if (!answer.isGood()) {
            throw new DiscoveryException(
                    Problem.CONSUL_REGISTER_FAILED,
                    "Consul did not take the service: " + answer.status() + " " + text(answer));
        }
        announced = true;
        announcedNanos = System.nanoTime();
    }

    @Override
    public Set<InetSocketAddress> discover() throws DiscoveryException, InterruptedException {
        var answer = calls.send(request("/v1/health/service/" + encoded(self.serviceName()) + "?passing=true")
                .GET()
                .build());
        requireAllowed(answer);
        if (!answer.isGood()) {
            throw new DiscoveryException(
                    Problem.CONSUL_FAILED, "Consul answered the question for peers with " + answer.status());
        }
        var found = new LinkedHashSet<InetSocketAddress>();
        for (var entry : calls.json(answer)) {
            var service = entry.path("Service");
            var host = service.path("Address").asString("");
            if (host.isEmpty()) {
                host = entry.path("Node").path("Address").asString("");
            }
            int port = service.path("Port").asInt(0);
            try {
                found.add(new InetSocketAddress(InetAddress.getByName(host), port == 0 ? settings.bindPort() : port));
            } catch (UnknownHostException | IllegalArgumentException e) {
                throw new DiscoveryException(
                        Problem.ANSWER_NOT_UNDERSTOOD, "Consul names a peer at " + host + ":" + port, e);
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (announced) {
            try {
                var answer = calls.send(request("/v1/agent/service/deregister/" + encoded(id()))
                        .PUT(BodyPublishers.noBody())
                        .build());
                if (!answer.isGood()) {
                    log.info("Consul keeps this instance until its check fails: {}", answer.status());
                }
            } catch (DiscoveryException e) {
                log.info("Consul keeps this instance until its check fails: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        calls.close();
    }

    private String id() {
        return "garrison-" + self.instanceId();
    }

    private HttpRequest.Builder request(String path) throws DiscoveryException {
        var request = calls.to(URI.create(base() + path));
        var file = settings.consulTokenFile();
        if (file != null) {
            try {
                request.header(
                        "X-Consul-Token",
                        Files.readString(file, StandardCharsets.UTF_8).strip());
            } catch (IOException e) {
                throw new DiscoveryException(
                        Problem.CONSUL_FORBIDDEN, "discovery.consul-token-file, " + file + ", can't be read", e);
            }
        }
        return request;
    }

    private String base() {
        var text = settings.consul().toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static void requireAllowed(HttpCalls.Answer answer) throws DiscoveryException {
        if (answer.status() == 401 || answer.status() == 403) {
            throw new DiscoveryException(
                    Problem.CONSUL_FORBIDDEN,
                    "Consul's access lists do not let this token in; it needs service:write and node:read");
        }
    }

    private static String text(HttpCalls.Answer answer) {
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(200, text.length()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
