package io.garrison.edge.agent;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static io.garrison.edge.testing.ScriptedGateway.bundle;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.cluster.ScriptedDesired;
import io.garrison.edge.cluster.TestNode;
import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.FakeDataPlane;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SyncState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PX-13, PX-28, PX-29, PX-32, DI-33, DI-34: an agent whose management is away, and a main that has what it needs. */
class PeeredIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final UUID HISTORY = new UUID(9, 1);

    @TempDir
    Path temp;

    private final FakeDataPlane dataPlane = new FakeDataPlane();
    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedGateway gateway;
    private TestStack stack;
    private TestNode main;
    private Agent agent;
    private int balancers;

    @BeforeEach
    void aMainAndAnAgent() throws Exception {
        gateway = new ScriptedGateway();
        gateway.instance = TestStack.instance(2);
        stack = new TestStack(gateway.authority, gateway.policyKeys());
        var members = List.of(
                TestStack.member(1, "127.0.0.1", JoinedEdge.freePort()),
                TestStack.member(2, "127.0.0.1", JoinedEdge.freePort()));
        balancers = JoinedEdge.freePort();
        var identity = stack.identity(1);
        var own = Files.createDirectories(temp.resolve("main"));
        main = new TestNode(
                        own,
                        identity,
                        stack.keeper(own, identity, members, 1),
                        Map.of(
                                "gossip.port",
                                Integer.toString(members.getFirst().port())))
                .start();
        gateway.plan = stack.plan(2, members);
        agent = agent(members.getLast().port());
        agent.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        agent.close();
        main.close();
        gateway.close();
    }

    @Test
    void takesFromTheMainWhatManagementSignedAndNothingElse() throws Exception {
        gateway.publish(bundle(HISTORY, 1, Instant.now(), AgentTests.policy()));
        await("revision 1", SOON, () -> dataPlane.applied().revision() == 1);
        await("the main leads", SOON, () -> TestStack.instance(1).equals(told("main")));
        await("it says so", SOON, () -> TestStack.instance(1).equals(cluster().main()));
        var cluster = cluster();
        assertThat(gateway.reports.getLast().availability().address()).isEqualTo("127.0.0.1");
        assertThat(cluster.role()).isEqualTo("WORKER");
        assertThat(cluster.members()).hasSize(2);

        gateway.cutOff.add(TestStack.instance(2));
        var desired = main.desired();
        desired.certificates.put("site", new CertificateMaterial("site", "PEM of the site"));
        hand(desired, gateway, withCertificate(2, "PEM of the site"));
        await("revision 2 by way of the main", SOON, () -> dataPlane.applied().revision() == 2);
        assertThat(dataPlane.certificates).containsExactly("PEM of the site");
        assertThat(status()).contains("\"management_silent\":true").doesNotContain("\"last_rule_sync\":null");

        hand(desired, gateway, bundle(HISTORY, 1, Instant.now(), AgentTests.policy()));
        awaitRefusal("bundle-rollback");
        hand(desired, gateway, ofAnotherStack());
        awaitRefusal("bundle-misdirected");
        try (var stranger = new ScriptedGateway()) {
            hand(desired, stranger, bundle(HISTORY, 3, Instant.now(), AgentTests.policy()));
            awaitRefusal("bundle-untrusted");
        }
        assertThat(dataPlane.appliedRevisions).containsExactly(1L, 2L);

        gateway.cutOff.clear();
        await("management hears of it", SOON, () -> gateway.reports.getLast().appliedRevision() == 2);
        gateway.publish(bundle(HISTORY, 3, Instant.now(), AgentTests.policy()));
        await("revision 3", SOON, () -> gateway.reports.getLast().appliedRevision() == 3);
        assertThat(gateway.reports.getLast().syncState()).isEqualTo(SyncState.IN_SYNC);
    }

    @Test
    void answersBalancersInAWordAndThisMachineInFull() throws Exception {
        assertThat(balancer("/health")).isEqualTo("200 UP\n");
        assertThat(balancer("/ready")).isEqualTo("503 NOT READY\n");
        gateway.publish(bundle(HISTORY, 1, Instant.now(), AgentTests.policy()));
        await("it serves", SOON, () -> dataPlane.applied().revision() == 1);
        await("ready", SOON, () -> balancer("/ready").equals("200 READY\n"));
        for (var path : List.of("/metrics", "/cluster/status", "/control/drain", "/")) {
            assertThat(balancer(path)).as(path).isEqualTo("404 ");
        }
        await(
                "both are counted",
                SOON,
                () -> get(agent.managementPort(), "/metrics")
                        .body()
                        .contains("garrison_edge_cluster_healthy_members 2"));
        assertThat(get(agent.managementPort(), "/metrics").body())
                .contains("garrison_edge_cluster_members 2", "garrison_edge_cluster_term ", "_splits_total 0");
        agent.event(AgentTests.event(1, "/"));
        agent.event(AgentTests.event(2, "/"));
        await(
                "two events make a batch, however long one would wait",
                SOON,
                () -> gateway.batches.stream().anyMatch(batch -> batch.events().size() == 2));
        await("healthy", SOON, () -> status().contains("\"cluster_health\":\"HEALTHY\""));
        assertThat(status())
                .contains("\"cluster_enabled\":true", "\"local_node\":\"" + TestStack.instance(2), "\"members\":2");
    }

    private Agent agent(int port) throws Exception {
        var state = new StateDirectory(temp.resolve("edge"));
        var err = new ByteArrayOutputStream();
        var console = new Console(System.out, new PrintStream(err, true));
        assertThat(new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> dataPlane)
                        .run(List.of(
                                "join",
                                "--state",
                                state.root().toString(),
                                "--url",
                                gateway.url(),
                                "--token",
                                "token-1",
                                "--ca-sha256",
                                gateway.authority.rootSha256(),
                                "--set",
                                "management.port=0",
                                "--set",
                                "cluster.enabled=true",
                                "--set",
                                "cluster.address=127.0.0.1",
                                "--set",
                                "gossip.port=" + port,
                                "--set",
                                "sync.events-batch-size=2",
                                "--set",
                                "sync.events-flush-interval-secs=3600",
                                "--set",
                                "sync.rules-interval-secs=1",
                                "--set",
                                "health.check-interval-secs=1",
                                "--set",
                                "health.listen=127.0.0.1:" + balancers)))
                .as(err.toString())
                .isZero();
        return new Agent(
                state,
                EdgeConfig.read(state.settings()),
                new IdentityStore(state).load().orElseThrow(),
                dataPlane,
                ByteCounters.NONE,
                "boot-1",
                Clock.systemUTC(),
                Optional.empty());
    }

    private ClusterState cluster() {
        return gateway.reports.getLast().availability().cluster();
    }

    private static void hand(ScriptedDesired desired, ScriptedGateway signer, PolicyBundle bundle) {
        desired.etag = UUID.randomUUID().toString();
        desired.revision = bundle.revision();
        desired.desired = signer.sign(bundle);
    }

    private void awaitRefusal(String code) throws InterruptedException {
        await(code, SOON, () -> {
            var error = gateway.unheard.getLast().error();
            return error != null && error.code().equals(code);
        });
    }

    private UUID told(String what) {
        var main = ProtocolJson.mapper().readTree(status()).path(what).asString("");
        return main.isEmpty() || main.equals("null") ? null : UUID.fromString(main);
    }

    private String status() {
        return get(agent.managementPort(), "/cluster/status").body();
    }

    private String balancer(String path) {
        var response = get(balancers, path);
        return response.statusCode() + " " + response.body();
    }

    private HttpResponse<String> get(int port, String path) {
        return send(HttpRequest.newBuilder(uri(port, path)));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static PolicyBundle withCertificate(long revision, String pem) {
        var plain = bundle(HISTORY, revision, Instant.now(), AgentTests.policy());
        return new PolicyBundle(
                1,
                plain.tenantId(),
                plain.stackId(),
                HISTORY,
                revision,
                plain.issuedAt(),
                plain.policySha256(),
                true,
                List.of(new PolicyBundle.CertificateReference("site", ProtocolJson.sha256Hex(pem))),
                plain.policy());
    }

    private static PolicyBundle ofAnotherStack() {
        var plain = bundle(HISTORY, 9, Instant.now(), AgentTests.policy());
        return new PolicyBundle(
                1,
                plain.tenantId(),
                new UUID(1, 9),
                HISTORY,
                9,
                plain.issuedAt(),
                plain.policySha256(),
                true,
                List.of(),
                plain.policy());
    }
}
