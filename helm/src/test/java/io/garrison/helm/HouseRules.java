package io.garrison.helm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What holds for everything that the chart makes: no secret but by reference, and no right that is not needed. */
final class HouseRules {

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)(password|passwd|secret|token|credential|private|api-?key|jaas)");

    /** Names of things that are said where a secret is, not what. */
    private static final Pattern WHERE = Pattern.compile("(?i)(_FILE|-file|keys)$");

    private static final Pattern SECRET_VALUE =
            Pattern.compile("PRIVATE KEY|[?&](user|password|sslpassword)=|://[^/@\\s]+@|(?i)password\\s*=");

    private static final Set<String> RIGHTS = Set.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding");

    /** What may be asked of Kubernetes. */
    enum Rights {
        /** The application asks nothing. */
        NONE,
        /** An instance asks who its peers are (DI-29). */
        SEE_PODS
    }

    private static final Set<String> LOOKING = Set.of("get", "list", "watch");

    private HouseRules() {}

    static List<String> faults(List<Manifest> manifests) {
        return faults(manifests, Rights.NONE);
    }

    static List<String> faults(List<Manifest> manifests, Rights rights) {
        var faults = new ArrayList<String>();
        for (var manifest : manifests) {
            switch (manifest.kind()) {
                case "Secret" -> faults.add(manifest + ": secrets are made by others and referred to");
                case "ConfigMap" ->
                    manifest.at("/data")
                            .properties()
                            .forEach(entry -> literal(manifest.toString(), entry.getKey(), entry.getValue(), faults));
                case "ServiceAccount" -> {
                    if (!isFalse(manifest.at("/automountServiceAccountToken"))) {
                        faults.add(manifest + ": hands out a token");
                    }
                }
                default -> {
                    if (RIGHTS.contains(manifest.kind())) {
                        right(manifest, rights, faults);
                    }
                }
            }
            if (manifest.pod().isObject()) {
                pod(manifest, rights, faults);
            }
        }
        return faults;
    }

    private static void right(Manifest manifest, Rights rights, List<String> faults) {
        if (rights == Rights.NONE) {
            faults.add(manifest + ": the application asks nothing of Kubernetes");
        } else if (manifest.kind().startsWith("Cluster")) {
            faults.add(manifest + ": holds beyond the namespace");
        }
        for (var rule : manifest.at("/rules").values()) {
            boolean pods = rule.path("resources").toString().equals("[\"pods\"]")
                    && rule.path("apiGroups").toString().equals("[\"\"]");
            boolean looks = rule.path("verbs").valueStream().allMatch(verb -> LOOKING.contains(verb.asString()));
            if (!pods || !looks) {
                faults.add(manifest + ": may do more than look at pods: " + rule);
            }
        }
    }

    private static void pod(Manifest manifest, Rights rights, List<String> faults) {
        var pod = manifest.pod();
        if (rights == Rights.NONE && !isFalse(pod.path("automountServiceAccountToken"))) {
            faults.add(manifest + ": mounts a token");
        }
        for (var shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (pod.path(shared).asBoolean(false)) {
                faults.add(manifest + ": " + shared);
            }
        }
        if (!pod.at("/securityContext/seccompProfile/type").asString("").equals("RuntimeDefault")) {
            faults.add(manifest + ": no seccomp profile");
        }
        if (pod.at("/securityContext/runAsUser").asLong(0) == 0) {
            faults.add(manifest + ": runs as root");
        }
        for (var volume : pod.path("volumes").values()) {
            if (volume.has("hostPath")) {
                faults.add(manifest + ": volume " + volume.path("name").asString() + " is the host's");
            }
        }
        for (var container : manifest.containers()) {
            container(manifest + "/" + container.path("name").asString(), container, faults);
        }
    }

    private static void container(String where, JsonNode container, List<String> faults) {
        var context = container.path("securityContext");
        if (!context.path("runAsNonRoot").asBoolean(false)
                || context.path("runAsUser").asLong(1) == 0) {
            faults.add(where + ": may run as root");
        }
        if (!context.path("readOnlyRootFilesystem").asBoolean(false)) {
            faults.add(where + ": may write to its root file system");
        }
        if (!isFalse(context.path("allowPrivilegeEscalation"))
                || context.path("privileged").asBoolean(false)) {
            faults.add(where + ": may gain privileges");
        }
        if (!context.at("/capabilities/drop")
                        .valueStream()
                        .anyMatch(name -> name.asString().equals("ALL"))
                || context.at("/capabilities/add").size() > 0) {
            faults.add(where + ": keeps capabilities");
        }
        for (var needed : List.of("/requests/cpu", "/requests/memory", "/limits/memory")) {
            if (container.path("resources").at(needed).isMissingNode()) {
                faults.add(where + ": no resources" + needed);
            }
        }
        for (var variable : container.path("env").values()) {
            if (variable.has("value")) {
                literal(where, variable.path("name").asString(), variable.path("value"), faults);
            }
        }
        for (var words : List.of("command", "args")) {
            container.path(words).values().forEach(word -> {
                if (SECRET_VALUE.matcher(word.asString()).find()) {
                    faults.add(where + ": a secret among its " + words);
                }
            });
        }
    }

    private static void literal(String where, String name, JsonNode value, List<String> faults) {
        boolean named = SECRET_NAME.matcher(name).find() && !WHERE.matcher(name).find();
        if (named || SECRET_VALUE.matcher(value.asString("")).find()) {
            faults.add(where + ": " + name + " is a secret in the open");
        }
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.asBoolean();
    }
}
