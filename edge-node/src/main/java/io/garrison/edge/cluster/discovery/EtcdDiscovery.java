package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.state.HostPort;
import io.garrison.protocol.ProtocolJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Keys under a lease in etcd, by the JSON gateway of its third API (etcd.io/docs/v3.4/dev-guide/api_grpc_gateway). An
 * instance that goes without a word vanishes with its lease.
 */
final class EtcdDiscovery implements DiscoveryProvider {

    /** Three of the longest times between two looks. */
    static final int LEASE_SECONDS = 90;

    private static final Logger log = LoggerFactory.getLogger(EtcdDiscovery.class);

    private final DiscoverySettings settings;
    private final Self self;
    private final HttpCalls calls;
    private int endpoint;
    private String lease = "";
    private long lost;

    EtcdDiscovery(DiscoverySettings settings, Self self) {
        this.settings = settings;
        this.self = self;
        this.calls = new HttpCalls(settings.dialTimeout(), null, "etcd", Problem.ETCD_CLIENT_FAILED);
    }

    @Override
    public void announce() throws DiscoveryException, InterruptedException {
        if (!lease.isEmpty()) {
            if (isAlive()) {
                putBack();
                return;
            }
            lost++;
            lease = "";
        }
        var granted = call(
                "/v3/lease/grant",
                Map.of("TTL", Integer.toString(LEASE_SECONDS), "ID", "0"),
                Problem.ETCD_REGISTER_FAILED);
        var id = granted.path("ID").asString("");
        if (id.isEmpty()) {
            throw new DiscoveryException(Problem.ANSWER_NOT_UNDERSTOOD, "etcd grants a lease without an id");
        }
        call("/v3/kv/put", entry(id), Problem.ETCD_REGISTER_FAILED);
        lease = id;
    }

    /** Somebody may delete the key and leave the lease. */
    private void putBack() throws DiscoveryException, InterruptedException {
        var absent = Map.of("target", "CREATE", "result", "EQUAL", "createRevision", "0", "key", key());
        var answer = call(
                "/v3/kv/txn",
                Map.of("compare", List.of(absent), "success", List.of(Map.of("requestPut", entry(lease)))),
                Problem.ETCD_REGISTER_FAILED);
        if (answer.path("succeeded").asBoolean(false)) {
            log.warn("The key of this instance had vanished from etcd, and is there again");
            lost++;
        }
    }

    private Map<String, String> entry(String underLease) {
        var address = new HostPort(
                self.address().getAddress().getHostAddress(), self.address().getPort());
        return Map.of("key", key(), "value", coded(address.toString()), "lease", underLease);
    }

    @Override
    public long lost() {
        return lost;
    }

    @Override
    public Set<InetSocketAddress> discover() throws DiscoveryException, InterruptedException {
        var answer = call(
                "/v3/kv/range",
                Map.of("key", coded(prefix()), "range_end", coded(afterPrefix())),
                Problem.ETCD_CLIENT_FAILED);
        var found = new LinkedHashSet<InetSocketAddress>();
        for (var entry : answer.path("kvs")) {
            try {
                var value = new String(
                        Base64.getDecoder().decode(entry.path("value").asString("")), StandardCharsets.UTF_8);
                var peer = HostPort.parse(value, settings.bindPort());
                found.add(new InetSocketAddress(InetAddress.getByName(peer.host()), peer.port()));
            } catch (IllegalArgumentException | UnknownHostException e) {
                throw new DiscoveryException(
                        Problem.ANSWER_NOT_UNDERSTOOD, "a key under " + prefix() + " holds no address", e);
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (!lease.isEmpty()) {
            try {
                call("/v3/lease/revoke", Map.of("ID", lease), Problem.ETCD_CLIENT_FAILED);
            } catch (DiscoveryException e) {
                log.info("etcd keeps this instance until its lease ends: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        calls.close();
    }

    private boolean isAlive() throws DiscoveryException, InterruptedException {
        var answer = call("/v3/lease/keepalive", Map.of("ID", lease), Problem.ETCD_CLIENT_FAILED);
        return answer.path("result").path("TTL").asLong(0) > 0;
    }

    /** Asks the endpoints in turn, beginning with the one that answered last. */
    private JsonNode call(String path, Map<String, ?> body, Problem refused)
            throws DiscoveryException, InterruptedException {
        var failed = new ArrayList<DiscoveryException>();
        for (int tried = 0; tried < settings.etcd().size(); tried++) {
            try {
                return callOne(settings.etcd().get(endpoint), path, body, refused);
            } catch (DiscoveryException e) {
                failed.add(e);
                endpoint = (endpoint + 1) % settings.etcd().size();
            }
        }
        throw new DiscoveryException(
                failed.getLast().problem(),
                failed.stream().map(DiscoveryException::getMessage).collect(Collectors.joining("; ")),
                failed.getLast());
    }

    private JsonNode callOne(URI etcd, String path, Map<String, ?> body, Problem refused)
            throws DiscoveryException, InterruptedException {
        var answer = calls.send(calls.to(etcd.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(ProtocolJson.write(body)))
                .build());
        if (!answer.isGood()) {
            var text = new String(answer.body(), StandardCharsets.UTF_8);
            throw new DiscoveryException(
                    refused,
                    "etcd at " + etcd.getAuthority() + " answers " + path + " with " + answer.status() + ": "
                            + text.substring(0, Math.min(200, text.length())));
        }
        return calls.json(answer);
    }

    private String key() {
        return coded(prefix() + self.instanceId());
    }

    private String prefix() {
        return "/garrison/" + self.serviceName() + "/";
    }

    /** The first key that does not begin with the prefix, whose last character is a slash. */
    private String afterPrefix() {
        return "/garrison/" + self.serviceName() + "0";
    }

    private static String coded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
