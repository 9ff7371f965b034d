package io.garrison.edge.cli;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.cli.Examinations.Examination;
import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** DI-T08, DI-T09: a real etcd that takes no registration, or does not keep it. */
class DoctorEtcdIT {

    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir
    Path temp;

    private final HttpClient client = HttpClient.newHttpClient();
    private JoinedEdge edge;
    private Examinations doctor;
    private Process etcd;
    private String url;

    @BeforeEach
    void anInstanceAndEtcd() throws Exception {
        assumeTrue(Files.isExecutable(ETCD), "etcd is not installed at " + ETCD);
        edge = new JoinedEdge(temp, 1);
        doctor = new Examinations(edge.state, Clock.systemUTC());
        url = "http://127.0.0.1:" + JoinedEdge.freePort();
        var peer = "http://127.0.0.1:" + JoinedEdge.freePort();
        etcd = new ProcessBuilder(
                        ETCD.toString(),
                        "--data-dir",
                        temp.resolve("etcd").toString(),
                        "--listen-client-urls",
                        url,
                        "--advertise-client-urls",
                        url,
                        "--listen-peer-urls",
                        peer,
                        "--initial-advertise-peer-urls",
                        peer,
                        "--initial-cluster",
                        "default=" + peer,
                        "--unsafe-no-fsync")
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("etcd.log").toFile())
                .start();
        doctor.settings(
                "cluster.enabled=true",
                "cluster.address=127.0.0.1",
                "gossip.port=" + JoinedEdge.freePort(),
                "discovery.enabled=true",
                "discovery.type=etcd",
                "discovery.allowed-address-space=127.0.0.0/8",
                "discovery.etcd-endpoints=" + url);
        await("etcd", JoinedEdge.SOON, () -> doctor.examine().outcomes().contains("DI-T08 GOOD"));
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        if (etcd != null) {
            etcd.destroyForcibly().waitFor();
        }
        if (edge != null) {
            edge.close();
        }
    }

    @Test
    void aFullEtcdTakesNoRegistration() throws Exception {
        call("/v3/maintenance/alarm", "{\"action\":\"ACTIVATE\",\"alarm\":\"NOSPACE\",\"memberID\":\"0\"}");
        var seen = doctor.examine();
        assertThat(seen.only("DI-T08").found()).contains("space exceeded");
        assertThat(seen.told().cause()).isEqualTo("DI-T08");

        var alarm = call("/v3/maintenance/alarm", "{\"action\":\"GET\",\"alarm\":\"NOSPACE\"}")
                .path("alarms")
                .path(0)
                .path("memberID")
                .asString("0");
        call(
                "/v3/maintenance/alarm",
                "{\"action\":\"DEACTIVATE\",\"alarm\":\"NOSPACE\",\"memberID\":\"%s\"}".formatted(alarm));
        assertThat(doctor.examine().outcomes()).contains("DI-T08 GOOD");
    }

    /** It grants leases to anybody even then: only a key shows that it asks for a name. */
    @Test
    void anEtcdWithSignInTakesNoRegistration() throws Exception {
        call("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"secret\"}");
        call("/v3/auth/role/add", "{\"name\":\"root\"}");
        call("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        call("/v3/auth/enable", "{}");
        var seen = doctor.examine();
        assertThat(seen.only("DI-T08").found()).contains("user name is empty");
        assertThat(seen.told().cause()).isEqualTo("DI-T08");
    }

    @Test
    void leavesNothingInEtcd() throws Exception {
        doctor.plan(List.of(), List.of());
        doctor.examine();
        assertThat(call("/v3/kv/range", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}")
                        .path("kvs"))
                .isEmpty();
    }

    @Test
    void nothingIsWrongWithAnInstanceThatIsKept() throws Exception {
        doctor.plan(List.of(), List.of());
        edge.start();
        edge.serve(1, edge.policy(""));
        await(
                "it is registered",
                JoinedEdge.SOON,
                () -> doctor.examine().outcomes().contains("DI-T09 GOOD"));

        var seen = doctor.examine();
        assertThat(seen.status()).as(seen.words()).isZero();
        assertThat(seen.told().findings()).noneMatch(finding -> finding.fix() != null);
        assertThat(seen.told().findings())
                .filteredOn(finding -> finding.outcome() == Outcome.SKIPPED)
                .extracting(finding -> finding.id())
                .as("what can't be said of it")
                .containsExactlyInAnyOrder("keepalived.program", "addresses", "peers.port");
        assertThat(seen.outcomes())
                .contains(
                        "DI-T07 GOOD",
                        "DI-T08 GOOD",
                        "DI-T14 GOOD",
                        "DI-T19 GOOD",
                        "DI-T20 GOOD",
                        "DI-T21 GOOD",
                        "DI-T22 GOOD",
                        "DI-T23 GOOD");
        assertSameByTheAgentItself(seen);
    }

    /** In a process with the memory that an agent has. */
    private void assertSameByTheAgentItself(Examination seen) throws Exception {
        edge.gateway.examine = UUID.randomUUID();
        await("its findings", JoinedEdge.SOON, () -> examinations().findAny().isPresent());
        var told = examinations().findFirst().orElseThrow();
        assertThat(told.problem()).isNull();
        assertThat(told.findings())
                .extracting(finding -> finding.id() + " " + finding.outcome())
                .isEqualTo(seen.outcomes());
    }

    private Stream<io.garrison.protocol.Examination> examinations() {
        return edge.gateway.reports.stream().map(Report::examination).filter(Objects::nonNull);
    }

    @Test
    void aRegistrationThatVanishesAgainAndAgainIsNamed() throws Exception {
        try (var silent = new ServerSocket(0)) {
            // Somebody is missing, so the agent looks every two seconds.
            doctor.plan(List.of(), List.of(Examinations.another("127.0.0.1", silent.getLocalPort())));
            edge.start();
            await(
                    "it is registered",
                    JoinedEdge.SOON,
                    () -> doctor.examine().outcomes().contains("DI-T09 GOOD"));
            var first = lease();
            revoke(first);
            await("it is registered again", JoinedEdge.SOON, () -> !lease().isEmpty());
            await(
                    "once is not again and again",
                    JoinedEdge.SOON,
                    () -> doctor.examine().outcomes().contains("DI-T09 GOOD"));
            revoke(lease());
            await("lost twice", JoinedEdge.SOON, () -> doctor.examine().bad().contains("DI-T09") && !lease().isEmpty());
            assertThat(doctor.examine().only("DI-T09").found()).contains("vanished 2 times");
        }
    }

    @Test
    void anAgentWhoseKeyIsGoneIsNotFound() throws Exception {
        doctor.plan(List.of(), List.of());
        edge.start();
        await(
                "it is registered",
                JoinedEdge.SOON,
                () -> doctor.examine().outcomes().contains("DI-T09 GOOD"));
        call("/v3/kv/deleterange", "{\"key\":\"" + key() + "\"}");
        assertThat(doctor.examine().only("DI-T09").found()).contains("not registered at this moment");
    }

    private void revoke(String lease) {
        call("/v3/lease/revoke", "{\"ID\":\"" + lease + "\"}");
    }

    /** Under which the agent is registered; empty if it is not. */
    private String lease() {
        return call("/v3/kv/range", "{\"key\":\"" + key() + "\"}")
                .path("kvs")
                .path(0)
                .path("lease")
                .asString("");
    }

    private String key() {
        try {
            var me = new IdentityStore(edge.state).load().orElseThrow();
            return Base64.getEncoder()
                    .encodeToString(
                            ("/garrison/" + me.stackId() + "/" + me.instanceId()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode call(String path, String json) {
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .POST(BodyPublishers.ofString(json))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
            return ProtocolJson.mapper().readTree(answer.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
