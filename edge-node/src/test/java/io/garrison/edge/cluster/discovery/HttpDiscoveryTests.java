package io.garrison.edge.cluster.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.garrison.edge.testing.TestAuthority;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DI-11, DI-29, DI-T01 to DI-T06: Consul's and Kubernetes' ways, against servers of the test that answer as the public API
 * documentation says. Neither of the two runs here.
 */
class HttpDiscoveryTests {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "[]";

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void consulTakesTheServiceAndNamesTheOthersThatPass() throws Exception {
        serve(HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0));
        answer = """
                [{"Node":{"Address":"10.0.0.9"},"Service":{"ID":"a","Address":"10.0.0.2","Port":10102}},
                 {"Node":{"Address":"10.0.0.3"},"Service":{"ID":"b","Address":"","Port":10103}}]""";
        var token = Files.writeString(directory.resolve("token"), "secret\n");
        var consul = new ConsulDiscovery(
                Settings.of("consul", "consul-address", url("http"), "consul-token-file", token.toString()),
                Settings.self(1, "shop", "10.0.0.1", 10_101));

        consul.announce();
        consul.announce();
        assertThat(consul.discover()).containsExactly(Settings.at("10.0.0.2", 10_102), Settings.at("10.0.0.3", 10_103));
        consul.close();

        assertThat(asked).hasSize(3);
        assertThat(asked.getFirst()).startsWith("PUT /v1/agent/service/register secret ");
        var body = ProtocolJson.mapper()
                .readTree(asked.getFirst().substring(asked.getFirst().indexOf('{')));
        assertThat(body.path("Name").asString()).isEqualTo("shop");
        assertThat(body.path("Address").asString()).isEqualTo("10.0.0.1");
        assertThat(body.path("Port").asInt()).isEqualTo(10_101);
        assertThat(body.path("Check").path("TCP").asString()).isEqualTo("10.0.0.1:10101");
        assertThat(asked.get(1)).startsWith("GET /v1/health/service/shop?passing=true secret");
        assertThat(asked.get(2))
                .startsWith(
                        "PUT /v1/agent/service/deregister/" + body.path("ID").asString() + " secret");
    }

    @Test
    void consulsRefusalsHaveNames() throws Exception {
        serve(HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0));
        var consul = new ConsulDiscovery(
                Settings.of("consul", "consul-address", url("http")), Settings.self(1, "shop", "10.0.0.1", 10_101));

        status = 403;
        assertFails("consul-forbidden", consul::announce);
        assertFails("consul-forbidden", consul::discover);
        status = 500;
        assertFails("consul-register-failed", consul::announce);
        assertFails("consul-failed", consul::discover);
        status = 200;
        answer = "<html>";
        assertFails("answer-not-understood", consul::discover);
        server.stop(0);
        assertFails("consul-failed", consul::announce);
        consul.close();
    }

    @Test
    void kubernetesNamesThePodsThatRun() throws Exception {
        var authority = serveKubernetes();
        answer = """
                {"items":[
                 {"metadata":{"name":"a"},"status":{"phase":"Running","podIP":"10.1.0.1"}},
                 {"metadata":{"name":"b"},"status":{"phase":"Pending"}},
                 {"metadata":{"name":"c","deletionTimestamp":"2026-11-27T12:00:00Z"},
                  "status":{"phase":"Running","podIP":"10.1.0.3"}},
                 {"metadata":{"name":"d"},"status":{"phase":"Running","podIP":"2001:db8::4"}}]}""";
        Files.writeString(directory.resolve("ca.crt"), authority.rootPem());
        Files.writeString(directory.resolve("token"), "service-account-token");

        try (var kubernetes = kubernetes()) {
            assertThat(kubernetes.discover())
                    .containsExactly(Settings.at("10.1.0.1", 10_105), Settings.at("2001:db8::4", 10_105));
            assertThat(asked)
                    .containsExactly("GET /api/v1/namespaces/edge/pods?labelSelector=app=x,env=prod&limit=500"
                            + " Bearer service-account-token ");

            status = 403;
            assertFails("k8s-forbidden", kubernetes::discover);
            status = 500;
            assertFails("k8s-failed", kubernetes::discover);
        }
    }

    @Test
    void kubernetesIsAskedOnlyUnderItsOwnAuthority() throws Exception {
        serveKubernetes();
        Files.writeString(directory.resolve("token"), "service-account-token");
        try (var without = kubernetes()) {
            assertFails("k8s-not-in-cluster", without::discover);
        }
        Files.writeString(directory.resolve("ca.crt"), new TestAuthority().rootPem());
        try (var another = kubernetes()) {
            assertFails("k8s-failed", another::discover);
        }
        assertThat(asked).as("the token goes to nobody else").isEmpty();
        try (var nowhere = new KubernetesDiscovery(
                Settings.of("kubernetes", "k8s-label-selector", "app=x"), Map.of(), directory)) {
            assertFails("k8s-not-in-cluster", nowhere::discover);
        }
    }

    private KubernetesDiscovery kubernetes() {
        return new KubernetesDiscovery(
                Settings.of(
                        "kubernetes",
                        "k8s-namespace",
                        "edge",
                        "k8s-label-selector",
                        "app=x,env=prod",
                        "bind-port",
                        "10105"),
                Map.of(
                        "KUBERNETES_SERVICE_HOST",
                        "127.0.0.1",
                        "KUBERNETES_SERVICE_PORT",
                        Integer.toString(server.getAddress().getPort())),
                directory);
    }

    private TestAuthority serveKubernetes() throws Exception {
        var authority = new TestAuthority();
        var https = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext(
                "127.0.0.1", Instant.now().minusSeconds(60), Instant.now().plusSeconds(3_600))));
        serve(https);
        return authority;
    }

    private void serve(HttpServer made) {
        server = made;
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            var secret = headers.getFirst("X-Consul-Token");
            asked.add("%s %s %s %s"
                    .formatted(
                            exchange.getRequestMethod(),
                            URLDecoder.decode(exchange.getRequestURI().toString(), StandardCharsets.UTF_8),
                            secret == null ? headers.getFirst("Authorization") : secret,
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private String url(String scheme) {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    private interface Look {
        void run() throws DiscoveryException, InterruptedException, IOException;
    }

    private static void assertFails(String code, Look look) {
        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(look::run)
                .matches(e -> e.code().equals(code), code);
    }
}
