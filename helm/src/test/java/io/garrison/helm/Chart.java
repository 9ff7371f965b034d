package io.garrison.helm;

import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Renders a chart as {@code helm template} does. */
final class Chart {

    /** Of management. */
    static final Path DIRECTORY = Path.of("garrison");

    /** Of the instances of a stack. */
    static final Path EDGE = Path.of("garrison-edge");

    private static final YAMLMapper YAML = new YAMLMapper();

    private final Path directory;
    private final List<Path> files = new ArrayList<>();
    private final List<Setting> settings = new ArrayList<>();

    private record Setting(String name, Object value) {}

    private Chart(Path directory) {
        this.directory = directory;
    }

    /** With the values file of a mode, and what every installation must say. */
    static Chart of(String mode) {
        var chart = new Chart(DIRECTORY)
                .with(DIRECTORY.resolve("values-" + mode + ".yaml"))
                .with(resource("needed.yaml"));
        return mode.equals("centralized") ? chart.with(resource("vendor.yaml")) : chart;
    }

    /** With nothing but the chart's defaults. */
    static Chart bare() {
        return new Chart(DIRECTORY);
    }

    /** That of instances, with what every installation must say. */
    static Chart ofEdges() {
        return new Chart(EDGE).with(resource("edge-needed.yaml"));
    }

    static Path resource(String name) {
        return Path.of("src", "test", "resources", name);
    }

    Chart with(Path values) {
        files.add(values);
        return this;
    }

    /** @param name such as {@code autoscaling.enabled} */
    Chart with(String name, Object value) {
        settings.add(new Setting(name, value));
        return this;
    }

    /** @throws RuntimeException with Helm's message if the values are refused */
    List<Manifest> render() {
        return manifests(text());
    }

    /** The same as Helm wrote it. */
    String text() {
        var command = new Helm(directory)
                .template()
                .withName("prod")
                .withNamespace("garrison")
                .withKubeVersion("1.34.0");
        files.forEach(command::withValuesFile);
        settings.forEach(setting -> command.set(setting.name(), setting.value()));
        return command.call();
    }

    static List<Manifest> manifests(String documents) {
        try (var parsed = YAML.readerFor(JsonNode.class).<JsonNode>readValues(documents)) {
            return parsed.readAll().stream()
                    .filter(JsonNode::isObject)
                    .map(Manifest::new)
                    .toList();
        }
    }
}
