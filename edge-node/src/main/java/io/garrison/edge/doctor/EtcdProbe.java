package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** etcd: whether one of its endpoints answers as etcd does, and takes writes. */
final class EtcdProbe {

    /** A lease that nobody uses ends by itself. */
    private static final String SHORT_LEASE = "{\"TTL\":5}";

    private static final int MOST_WORDS = 200;

    private final DiscoverySettings settings;

    EtcdProbe(DiscoverySettings settings) {
        this.settings = settings;
    }

    List<Finding> look() throws InterruptedException {
        var problems = new ArrayList<String>();
        try (var client = new HttpQuestions(settings.dialTimeout())) {
            for (var endpoint : settings.etcd()) {
                var problem = version(client, endpoint);
                if (problem.isEmpty()) {
                    return List.of(
                            Finding.good(Layer.DISCOVERY, "DI-T07", "etcd answers at " + endpoint),
                            writes(client, endpoint));
                }
                problems.add(endpoint + ": " + problem.get());
            }
        }
        return List.of(
                Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T07",
                        "no endpoint of discovery.etcd-endpoints answers as etcd does: " + String.join("; ", problems),
                        "Look at their scheme (http or https) and port (2379), the network between, and etcdctl endpoint health."),
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

    private static Finding writes(HttpQuestions client, URI endpoint) throws InterruptedException {
        String said;
        try {
            var answer = client.post(endpoint.resolve("/v3/lease/grant"), SHORT_LEASE);
            if (answer.status() == 200 && answer.body().contains("\"ID\"")) {
                return Finding.good(Layer.DISCOVERY, "DI-T08", "it takes a lease");
            }
            said = answer.status() + " "
                    + answer.body().substring(0, Math.min(answer.body().length(), MOST_WORDS));
        } catch (IOException e) {
            said = HttpQuestions.reason(e);
        }
        return Finding.bad(
                Layer.DISCOVERY,
                "DI-T08",
                "etcd takes no lease: " + said,
                "Look whether it has a leader, room (etcdctl alarm list) and no sign-in that the agent would need.");
    }
}
