package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** etcd: whether one of its endpoints answers as etcd does, takes writes, and keeps the agent that runs. */
final class EtcdProbe {

    /** A lease that nobody uses ends by itself. */
    private static final Map<String, Object> SHORT_LEASE = Map.of("TTL", 5);

    private static final int MOST_WORDS = 200;

    /** Of 90, and they are renewed every 30 at the latest. */
    private static final int LEAST_SECONDS = 30;

    /** Of {@code lost_registrations}, of the last minutes. */
    private static final int AGAIN_AND_AGAIN = 2;

    private final DiscoverySettings settings;
    private final @Nullable InstancePlan plan;
    private final @Nullable Running running;

    EtcdProbe(DiscoverySettings settings, @Nullable InstancePlan plan, @Nullable Running running) {
        this.settings = settings;
        this.plan = plan;
        this.running = running;
    }

    List<Finding> look() throws InterruptedException {
        var problems = new ArrayList<String>();
        try (var client = new HttpQuestions(settings.dialTimeout())) {
            for (var endpoint : settings.etcd()) {
                var problem = version(client, endpoint);
                if (problem.isEmpty()) {
                    var findings = new ArrayList<Finding>();
                    findings.add(Finding.good(Layer.DISCOVERY, "DI-T07", "etcd answers at " + endpoint));
                    var refused = refusal(client, endpoint);
                    findings.add(refused.map(EtcdProbe::takesNothing)
                            .orElseGet(() -> Finding.good(Layer.DISCOVERY, "DI-T08", "it takes a lease and a key")));
                    findings.add(
                            refused.isPresent()
                                    ? Finding.skipped(Layer.DISCOVERY, "DI-T09", "etcd takes no registration")
                                    : kept(client, endpoint));
                    return findings;
                }
                problems.add(endpoint + ": " + problem.get());
            }
        }
        return List.of(
                Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T07",
                        "no endpoint of discovery.etcd-endpoints answers as etcd does: " + String.join("; ", problems),
                        "Look at their scheme (http or https) and port (2379), the network between, and etcdctl"
                                + " endpoint health."),
                Finding.skipped(Layer.DISCOVERY, "DI-T08", "etcd is not reached"));
    }

    private static Optional<String> version(HttpQuestions client, URI endpoint) throws InterruptedException {
        try {
            var answer = client.get(endpoint.resolve("/version"));
            return answer.status() == 200 && answer.body().contains("etcdserver")
                    ? Optional.empty()
                    : Optional.of("answers " + answer.status() + ", but not as etcd");
        } catch (IOException e) {
            return Optional.of(HttpQuestions.reason(e));
        }
    }

    /** What etcd says against a lease, or against a key: that is asked for under a condition that never holds. */
    private Optional<String> refusal(HttpQuestions client, URI endpoint) throws InterruptedException {
        try {
            ask(client, endpoint, "/v3/lease/grant", SHORT_LEASE);
            var never = Map.of("target", "VERSION", "result", "LESS", "version", "0", "key", key());
            var put = Map.of("requestPut", Map.of("key", key(), "value", key()));
            ask(client, endpoint, "/v3/kv/txn", Map.of("compare", List.of(never), "success", List.of(put)));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(HttpQuestions.reason(e));
        }
    }

    private static Finding takesNothing(String said) {
        return Finding.bad(
                Layer.DISCOVERY,
                "DI-T08",
                "etcd takes no registration: " + said,
                "Look whether it has a leader (etcdctl endpoint status) and room (etcdctl alarm list). The agent does"
                        + " not sign in: etcd must let it write under /garrison/ without.");
    }

    private Finding kept(HttpQuestions client, URI endpoint) throws InterruptedException {
        int lost = lost();
        if (lost >= AGAIN_AND_AGAIN) {
            return vanishes("its registration has vanished " + lost + " times within some minutes");
        }
        if (running == null || plan == null) {
            return Finding.skipped(Layer.DISCOVERY, "DI-T09", "only an agent that runs is registered");
        }
        if (!hasLooked()) {
            return Finding.skipped(Layer.DISCOVERY, "DI-T09", "the agent has not looked yet");
        }
        try {
            var kept = ask(client, endpoint, "/v3/kv/range", Map.of("key", key()))
                    .path("kvs")
                    .path(0);
            if (kept.isMissingNode()) {
                return vanishes("the agent runs, and is not registered at this moment");
            }
            var lease = kept.path("lease").asString("0");
            long left = ask(client, endpoint, "/v3/lease/timetolive", Map.of("ID", lease))
                    .path("TTL")
                    .asLong(0);
            return left >= LEAST_SECONDS
                    ? Finding.good(Layer.DISCOVERY, "DI-T09", "registered for another " + left + " s")
                    : vanishes("its registration ends in " + Math.max(0, left) + " s and was not renewed");
        } catch (IOException e) {
            return Finding.skipped(Layer.DISCOVERY, "DI-T09", "etcd does not say: " + HttpQuestions.reason(e));
        }
    }

    private static Finding vanishes(String found) {
        return Finding.bad(
                Layer.DISCOVERY,
                "DI-T09",
                found,
                "The lease is 90 s, so etcd was not reached for that long or lost its data: look at the network"
                        + " between, at its leader changes and at slow disks (etcdctl endpoint status;"
                        + " etcd_disk_wal_fsync_duration_seconds).");
    }

    private int lost() {
        return running != null
                        && running.cluster() != null
                        && running.cluster().get("lately") instanceof Map<?, ?> lately
                        && lately.get("lost_registrations") instanceof Number number
                ? number.intValue()
                : 0;
    }

    private boolean hasLooked() {
        return running != null
                && running.cluster() != null
                && running.cluster().get("discovery") instanceof Map<?, ?> told
                && told.get("last_look") != null;
    }

    /** Where the agent registers itself. */
    private String key() {
        var key = plan == null
                ? "/garrison/doctor"
                : "/garrison/" + LookProbe.service(settings, plan) + "/" + plan.instanceId();
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode ask(HttpQuestions client, URI endpoint, String path, Map<String, Object> question)
            throws IOException, InterruptedException {
        var answer =
                client.post(endpoint.resolve(path), new String(ProtocolJson.write(question), StandardCharsets.UTF_8));
        if (answer.status() != 200) {
            throw new IOException(answer.status() + " "
                    + answer.body().substring(0, Math.min(answer.body().length(), MOST_WORDS)));
        }
        try {
            return ProtocolJson.mapper().readTree(answer.body());
        } catch (JacksonException e) {
            throw new IOException("not understood: " + e.getOriginalMessage(), e);
        }
    }
}
