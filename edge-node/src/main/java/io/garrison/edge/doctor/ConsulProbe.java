package io.garrison.edge.doctor;

import io.garrison.edge.state.DiscoverySettings;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Consul: whether its agent answers and knows a leader, and whether its checks of the instances pass. */
final class ConsulProbe {

    private static final int MOST = 16;
    private static final int MOST_WORDS = 120;

    private final DiscoverySettings settings;
    private final @Nullable String service;

    /** @param service under which the instances are registered; absent if that is not known yet */
    ConsulProbe(DiscoverySettings settings, @Nullable String service) {
        this.settings = settings;
        this.service = service;
    }

    List<Finding> look() throws InterruptedException {
        try (var client = new HttpQuestions(settings.dialTimeout())) {
            var answer = client.get(settings.consul().resolve("/v1/status/leader"));
            if (answer.status() != 200 || !answer.body().contains(":")) {
                return List.of(Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T04",
                        "Consul at " + settings.consul() + " answers " + answer.status() + " and knows no leader",
                        "Look at its log: consul members; consul operator raft list-peers"));
            }
            return List.of(
                    Finding.good(Layer.DISCOVERY, "DI-T04", "Consul answers at " + settings.consul()), checks(client));
        } catch (IOException e) {
            return List.of(Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T04",
                    "Consul's agent does not answer at " + settings.consul() + ": " + HttpQuestions.reason(e),
                    "Start its agent, or correct discovery.consul-address; port 8500 must be open to this machine."));
        }
    }

    private Finding checks(HttpQuestions client) throws IOException, InterruptedException {
        if (service == null) {
            return Finding.skipped(Layer.DISCOVERY, "DI-T06", "without a plan the name of the service is not known");
        }
        var path = "/v1/health/service/"
                + URLEncoder.encode(service, StandardCharsets.UTF_8).replace("+", "%20");
        var answer = client.get(settings.consul().resolve(path), "X-Consul-Token", token());
        if (answer.status() != 200) {
            return Finding.skipped(
                    Layer.DISCOVERY, "DI-T06", "Consul answers " + answer.status() + " about its checks");
        }
        try {
            var critical = new ArrayList<String>();
            int registered = 0;
            for (var entry : ProtocolJson.mapper().readTree(answer.body())) {
                registered++;
                for (var check : entry.path("Checks")) {
                    if ("critical".equals(check.path("Status").asString("")) && critical.size() < MOST) {
                        critical.add(told(entry, check));
                    }
                }
            }
            return critical.isEmpty()
                    ? Finding.good(
                            Layer.DISCOVERY, "DI-T06", "no check of the " + registered + " registered is critical")
                    : Finding.bad(
                            Layer.DISCOVERY,
                            "DI-T06",
                            "Consul's checks are critical: " + String.join("; ", critical),
                            "Consul's agent at the instance must reach the address and port that are named (TCP),"
                                    + " within 5 s; if the address is wrong, set cluster.address there. An instance that"
                                    + " is gone is taken off after a minute.");
        } catch (JacksonException e) {
            return Finding.skipped(Layer.DISCOVERY, "DI-T06", "what Consul says of its checks is not understood");
        }
    }

    private static String told(JsonNode entry, JsonNode check) {
        var instance = entry.path("Service");
        var output = check.path("Output").asString("").strip();
        return instance.path("Address").asString("?") + ":"
                + instance.path("Port").asInt(0) + " at "
                + entry.path("Node").path("Node").asString("?") + ", "
                + check.path("Name").asString("?")
                + (output.isEmpty() ? "" : ": " + output.substring(0, Math.min(MOST_WORDS, output.length())));
    }

    private String token() throws IOException {
        var file = settings.consulTokenFile();
        return file == null
                ? ""
                : Files.readString(file, StandardCharsets.UTF_8).strip();
    }
}
