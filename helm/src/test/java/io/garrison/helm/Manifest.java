package io.garrison.helm;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One object for Kubernetes. */
record Manifest(JsonNode json) {

    String kind() {
        return json.path("kind").asString();
    }

    String name() {
        return json.at("/metadata/name").asString();
    }

    JsonNode at(String pointer) {
        return json.at(pointer);
    }

    /** Where its pods are described; missing if it makes none. */
    JsonNode pod() {
        return json.at("/spec/template/spec");
    }

    List<JsonNode> containers() {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> pod().path(list).valueStream())
                .toList();
    }

    static Manifest one(List<Manifest> manifests, String kind, String name) {
        return manifests.stream()
                .filter(manifest ->
                        manifest.kind().equals(kind) && manifest.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
