package io.garrison.tenancy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the modes take, as {@code ./garrison bench modes} measured it: a copy of {@code bench/results/modes.json}. */
@Component
class ModeFootprints {

    static final String RESOURCE = "mode-footprints.json";

    private static final Set<String> ON_AN_INSTANCE = Set.of("agent", "haproxy");

    private final JsonNode measured;

    ModeFootprints() {
        try (var file = ModeFootprints.class.getResourceAsStream(RESOURCE)) {
            measured = JsonMapper.shared().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /**
     * @param managementMebibytes of the application, all replicas, and its stores
     * @param instanceMebibytes of the agent and the data plane
     */
    record Footprint(
            double managementMebibytes, double instanceMebibytes, double cpuPercentOfACore, double diskMebibytes) {}

    Footprint of(DeploymentMode mode) {
        var figures = measured.path("modes").path(mode.name());
        double management = 0;
        double instance = 0;
        double cpu = 0;
        for (Map.Entry<String, JsonNode> part : figures.path("parts").properties()) {
            double memory = part.getValue().path("memoryMebibytes").asDouble();
            if (ON_AN_INSTANCE.contains(part.getKey())) {
                instance += memory;
            } else {
                management += memory;
                cpu += part.getValue().path("cpuPercentOfACore").asDouble();
            }
        }
        return new Footprint(
                management, instance, cpu, figures.path("diskMebibytes").asDouble());
    }

    String at() {
        return measured.path("at").asString();
    }

    String machine() {
        return "%d cores, kernel %s, Java %s"
                .formatted(
                        measured.path("cores").asInt(),
                        measured.path("kernel").asString(),
                        measured.path("java").asString());
    }

    /** For each mode the parts that were seen. */
    Map<DeploymentMode, Set<String>> parts() {
        var seen = new java.util.EnumMap<DeploymentMode, Set<String>>(DeploymentMode.class);
        for (var mode : DeploymentMode.values()) {
            seen.put(
                    mode,
                    new TreeSet<>(measured.path("modes")
                            .path(mode.name())
                            .path("parts")
                            .propertyNames()));
        }
        return seen;
    }
}
