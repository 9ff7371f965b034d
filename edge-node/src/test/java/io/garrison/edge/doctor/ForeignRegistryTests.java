package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.cluster.discovery.Discoveries;
import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.TestAuthority;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DI-T01, DI-T02, DI-T04 to DI-T06: Consul and Kubernetes, against servers of the test that answer as the public API
 * documentation says. Neither of the two runs here.
 */
class ForeignRegistryTests {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** TEST-NET-1: nobody is there. */
    private static final String ELSEWHERE = "192.0.2.1";

    @TempDir
    Path temp;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void consulsCriticalChecksAreNamedWithTheirReason() throws Exception {
        serve(HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0));
        answers.put("/v1/status/leader", "\"10.0.0.9:8300\"");
        answers.put("/v1/health/service/shop", """
            [{"Node":{"Node":"n1","Address":"10.0.0.9"},"Service":{"ID":"a","Address":"10.0.0.1","Port":10101},
              "Checks":[{"Name":"Serf Health Status","Status":"passing","Output":""},
                        {"Name":"port for peers","Status":"passing","Output":""}]},
             {"Node":{"Node":"n2","Address":"10.0.0.8"},"Service":{"ID":"b","Address":"10.0.0.2","Port":10102},
              "Checks":[{"Name":"port for peers","Status":"critical","Output":"dial tcp 10.0.0.2:10102: i/o timeout"}]}]\
            """);
        var token = Files.writeString(temp.resolve("token"), "secret\n");
        var findings = consul("shop", "discovery.consul-token-file", token.toString());

        assertThat(outcomes(findings)).containsExactly("DI-T04 GOOD", "DI-T06 BAD");
        assertThat(findings.getLast().found())
                .contains("10.0.0.2:10102 at n2, port for peers: dial tcp 10.0.0.2:10102: i/o timeout")
                .doesNotContain("10.0.0.1");
        assertThat(tokens).contains("secret");

        answers.put(
                "/v1/health/service/shop",
                answers.get("/v1/health/service/shop").replace("critical", "passing"));
        assertThat(outcomes(consul("shop"))).containsExactly("DI-T04 GOOD", "DI-T06 GOOD");
        answers.put("/v1/health/service/shop", "[]");
        assertThat(outcomes(consul("shop"))).containsExactly("DI-T04 GOOD", "DI-T06 GOOD");
        assertThat(outcomes(consul(null))).containsExactly("DI-T04 GOOD", "DI-T06 SKIPPED");
        answers.put("/v1/health/service/shop", "<html>");
        assertThat(outcomes(consul("shop"))).containsExactly("DI-T04 GOOD", "DI-T06 SKIPPED");
        answers.put("/v1/status/leader", "\"\"");
        assertThat(outcomes(consul("shop"))).containsExactly("DI-T04 BAD");
    }

    @Test
    void podsThatCantBeListedAreAFindingOfTheirOwn() throws Exception {
        serveKubernetes();
        answers.put("/api/v1/namespaces/edge/pods", pods(ownAddress()));
        assertThat(pods(1).outcome()).as("alone in its stack").isEqualTo(Outcome.GOOD);

        status = 500;
        assertThat(pods(2).id()).isEqualTo("DI-T01");
        assertThat(pods(2).found()).contains("k8s-failed");
        status = 403;
        assertThat(pods(2).id()).isEqualTo("DI-T02");
    }

    @Test
    void podsThatDoNotSeeEachOtherHaveLabelsOrAPolicyInBetween() throws Exception {
        serveKubernetes();
        answers.put("/api/v1/namespaces/edge/pods", pods());
        assertBad("DI-T01", "the labels of this pod do not fit app=x either");
        answers.put("/api/v1/namespaces/edge/pods", pods(ownAddress()));
        assertBad("DI-T01", "nobody else is found");
        assertThat(pods(2).found()).doesNotContain("labels of this pod");
        answers.put("/api/v1/namespaces/edge/pods", pods(ownAddress(), ELSEWHERE));
        assertBad("DI-T01", "no connection to " + ELSEWHERE);
        assertThat(pods(2).fix()).contains("NetworkPolicy");
    }

    @Test
    void aPodThatReachesItsPeersHasNothingWrong() throws Exception {
        serveKubernetes();
        try (var peer = new ServerSocket(0, 1, LOOPBACK)) {
            answers.put("/api/v1/namespaces/edge/pods", pods(ownAddress(), "127.0.0.1"));
            assertThat(look(2, peer.getLocalPort(), 1).outcome()).isEqualTo(Outcome.GOOD);
        }
    }

    private void assertBad(String id, String found) throws Exception {
        var finding = pods(2);
        assertThat(finding.outcome()).isEqualTo(Outcome.BAD);
        assertThat(finding.id()).isEqualTo(id);
        assertThat(finding.found()).contains(found);
    }

    private Finding pods(int members) throws Exception {
        return look(members, 10_105, 10_105);
    }

    /**
     * @param bindPort of the pods
     * @param own port of this instance; another one than that of the pods makes a peer of this machine another instance
     */
    private Finding look(int members, int bindPort, int own) throws Exception {
        var settings = settings(Map.of(
                "discovery.type", "kubernetes",
                "discovery.k8s-namespace", "edge",
                "discovery.k8s-label-selector", "app=x",
                "discovery.bind-port", Integer.toString(bindPort),
                "gossip.port", Integer.toString(own)));
        var plan = plan(members);
        var peers = new PeerProbes(
                new Subject(new StateDirectory(temp.resolve("edge")), Optional.empty(), Clock.systemUTC(), null),
                settings,
                plan);
        return new LookProbe(
                        settings.discovery(),
                        peers,
                        plan,
                        self -> Discoveries.kubernetes(
                                settings.discovery(),
                                Map.of(
                                        "KUBERNETES_SERVICE_HOST",
                                        "127.0.0.1",
                                        "KUBERNETES_SERVICE_PORT",
                                        Integer.toString(server.getAddress().getPort())),
                                temp))
                .look();
    }

    private List<Finding> consul(String service, String... more) throws InterruptedException {
        var said = new HashMap<>(Map.of(
                "discovery.type",
                "consul",
                "discovery.consul-address",
                "127.0.0.1:" + server.getAddress().getPort()));
        for (int i = 0; i < more.length; i += 2) {
            said.put(more[i], more[i + 1]);
        }
        return new ConsulProbe(settings(said).discovery(), service).look();
    }

    private static ClusterSettings settings(Map<String, String> said) {
        var all = new HashMap<>(said);
        all.put("cluster.enabled", "true");
        all.put("discovery.enabled", "true");
        all.put("discovery.dial-timeout", "2s");
        return ClusterSettings.of(all);
    }

    private static InstancePlan plan(int members) {
        var all = IntStream.rangeClosed(1, members)
                .mapToObj(number -> TestStack.member(number, "10.1.0." + number, 10_105))
                .toList();
        return new InstancePlan(
                1,
                1,
                TestStack.TENANT,
                TestStack.STACK,
                TestStack.instance(1),
                Instant.now(),
                HaSettings.DEFAULT,
                List.of(),
                List.of(),
                all);
    }

    /** This instance's own, as the port is its own. */
    private static String ownAddress() {
        return "127.0.0.1";
    }

    private static String pods(String... addresses) {
        var items = Arrays.stream(addresses)
                .map("{\"metadata\":{\"name\":\"p\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"%s\"}}"::formatted)
                .toList();
        return "{\"items\":[" + String.join(",", items) + "]}";
    }

    private void serveKubernetes() throws Exception {
        var authority = new TestAuthority();
        Files.writeString(temp.resolve("ca.crt"), authority.rootPem());
        Files.writeString(temp.resolve("token"), "service-account-token");
        var https = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext(
                "127.0.0.1", Instant.now().minusSeconds(60), Instant.now().plusSeconds(3_600))));
        serve(https);
    }

    private void serve(HttpServer made) {
        server = made;
        server.createContext("/", exchange -> {
            var token = exchange.getRequestHeaders().getFirst("X-Consul-Token");
            if (token != null) {
                tokens.add(token);
            }
            var bytes =
                    answers.getOrDefault(exchange.getRequestURI().getPath(), "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private static List<String> outcomes(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.id() + " " + finding.outcome())
                .toList();
    }
}
