package io.garrison.edge.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Kubernetes: whether this is a pod, and has what it takes to ask for others. */
final class KubernetesProbe {

    static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private KubernetesProbe() {}

    static Finding look(Map<String, String> environment, Path account) {
        if (!environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    "DI-T02",
                    "this is no pod: KUBERNETES_SERVICE_HOST is not set",
                    "Run the agent in the cluster, or choose another discovery.type.");
        }
        for (var file : List.of("token", "ca.crt")) {
            if (!Files.isReadable(account.resolve(file))) {
                return Finding.bad(
                        Layer.DISCOVERY,
                        "DI-T02",
                        account.resolve(file) + " is not there",
                        "Give the pod a service account with a Role that may get, list and watch pods, and let its"
                                + " token be mounted.");
            }
        }
        return Finding.good(Layer.DISCOVERY, "DI-T02", "the pod has a service account");
    }
}
