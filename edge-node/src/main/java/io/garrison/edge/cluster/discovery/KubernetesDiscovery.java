package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoverySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Pods by label, from the API of the cluster that this instance is a pod of. It goes by the service account's files
 * (kubernetes.io, "Accessing the Kubernetes API from a Pod"); without its authority nothing is asked, as the token would go
 * to anybody.
 */
final class KubernetesDiscovery implements DiscoveryProvider {

    static final String SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final int MOST = 500;

    private final DiscoverySettings settings;
    private final Map<String, String> environment;
    private final Path serviceAccount;
    private @Nullable HttpCalls calls;

    KubernetesDiscovery(DiscoverySettings settings, Map<String, String> environment, Path serviceAccount) {
        this.settings = settings;
        this.environment = environment;
        this.serviceAccount = serviceAccount;
    }

    @Override
    public Set<InetSocketAddress> discover() throws DiscoveryException, InterruptedException {
        var http = calls();
        // The token is replaced while a pod runs.
        var request = http.to(pods())
                .header("Authorization", "Bearer " + read("token"))
                .GET()
                .build();
        var answer = http.send(request);
        if (answer.status() == 401 || answer.status() == 403) {
            throw new DiscoveryException(
                    Problem.K8S_FORBIDDEN,
                    "the service account may not list pods in namespace " + settings.kubernetesNamespace()
                            + "; it needs a Role with get, list and watch on pods, and a RoleBinding");
        }
        if (!answer.isGood()) {
            throw new DiscoveryException(
                    Problem.K8S_FAILED, "the API answered the question for pods with " + answer.status());
        }
        var found = new LinkedHashSet<InetSocketAddress>();
        for (var pod : http.json(answer).path("items")) {
            add(found, pod);
        }
        return found;
    }

    @Override
    public void close() {
        var http = calls;
        if (http != null) {
            http.close();
        }
    }

    /** A pod that is on its way out keeps its address until it is gone. */
    private void add(Set<InetSocketAddress> found, JsonNode pod) throws DiscoveryException {
        var address = pod.path("status").path("podIP").asString("");
        boolean running = "Running".equals(pod.path("status").path("phase").asString(""));
        if (running
                && !address.isEmpty()
                && pod.path("metadata").path("deletionTimestamp").isMissingNode()) {
            try {
                found.add(new InetSocketAddress(InetAddress.ofLiteral(address), settings.bindPort()));
            } catch (IllegalArgumentException e) {
                throw new DiscoveryException(Problem.ANSWER_NOT_UNDERSTOOD, "a pod has the address " + address, e);
            }
        }
    }

    private URI pods() throws DiscoveryException {
        var host = environment.get("KUBERNETES_SERVICE_HOST");
        var port = environment.get("KUBERNETES_SERVICE_PORT");
        if (host == null || port == null) {
            throw new DiscoveryException(
                    Problem.K8S_NOT_IN_CLUSTER,
                    "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is not a pod");
        }
        var authority = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        var selector = Objects.requireNonNull(settings.kubernetesSelector(), "a label selector");
        return URI.create("https://" + authority + "/api/v1/namespaces/" + encoded(settings.kubernetesNamespace())
                + "/pods?labelSelector=" + encoded(selector) + "&limit=" + MOST);
    }

    private HttpCalls calls() throws DiscoveryException {
        var http = calls;
        if (http == null) {
            pods();
            http = new HttpCalls(settings.dialTimeout(), trust(), "the Kubernetes API", Problem.K8S_FAILED);
            calls = http;
        }
        return http;
    }

    private SSLContext trust() throws DiscoveryException {
        var file = serviceAccount.resolve("ca.crt");
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            if (number == 0) {
                throw new IOException("no certificate in it");
            }
            var managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new DiscoveryException(
                    Problem.K8S_NOT_IN_CLUSTER,
                    "the authority of the API can't be read from " + file + ": " + e.getMessage(),
                    e);
        }
    }

    private String read(String name) throws DiscoveryException {
        var file = serviceAccount.resolve(name);
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new DiscoveryException(
                    Problem.K8S_NOT_IN_CLUSTER, "the service account is not mounted at " + file, e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
