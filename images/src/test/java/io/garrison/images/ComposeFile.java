package io.garrison.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code compose.yaml}, with its anchors and merges resolved. */
record ComposeFile(Map<String, Object> document) {

    static final Path PATH = Path.of("compose.yaml");

    /** @param source a volume's name, or a path that begins with a dot */
    record Mount(String source, String target, boolean readOnly) {

        boolean isVolume() {
            return !source.startsWith(".");
        }
    }

    record Service(String name, Map<String, Object> fields) {

        String text(String field) {
            return String.valueOf(fields.get(field));
        }

        List<String> list(String field) {
            return switch (fields.get(field)) {
                case null -> List.of();
                case List<?> list -> list.stream().map(String::valueOf).toList();
                case Map<?, ?> map -> map.keySet().stream().map(String::valueOf).toList();
                case Object other -> List.of(other.toString());
            };
        }

        Map<String, String> environment() {
            return strings(fields.get("environment"));
        }

        /** By service, what it has to have come to. */
        Map<String, String> dependencies() {
            var all = new TreeMap<String, String>();
            if (fields.get("depends_on") instanceof Map<?, ?> map) {
                map.forEach((service, how) ->
                        all.put(String.valueOf(service), String.valueOf(((Map<?, ?>) how).get("condition"))));
            }
            return all;
        }

        List<Mount> mounts() {
            return list("volumes").stream()
                    .map(text -> text.split(":"))
                    .map(parts -> new Mount(parts[0], parts[1], parts.length > 2 && parts[2].equals("ro")))
                    .toList();
        }

        boolean hasHealthCheck() {
            return fields.get("healthcheck") instanceof Map<?, ?> check && check.containsKey("test");
        }

        /** Whether it takes a step and ends. */
        boolean runsOnce() {
            return text("restart").equals("on-failure");
        }

        /** Ports at this machine's loopback, and the container's. */
        List<String> ports() {
            return list("ports");
        }
    }

    static ComposeFile read() throws IOException {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new ComposeFile(new Yaml(new SafeConstructor(options)).load(Files.readString(PATH)));
    }

    List<Service> services() {
        var all = new ArrayList<Service>();
        section("services").forEach((name, fields) -> all.add(new Service(name, map(fields))));
        return all;
    }

    Service service(String name) {
        return services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no service " + name));
    }

    Stream<Service> edges() {
        return services().stream().filter(service -> service.name().startsWith("edge-"));
    }

    Map<String, Object> section(String name) {
        return map(document.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static Map<String, String> strings(Object value) {
        var all = new TreeMap<String, String>();
        map(value).forEach((key, text) -> all.put(key, String.valueOf(text)));
        return all;
    }
}
