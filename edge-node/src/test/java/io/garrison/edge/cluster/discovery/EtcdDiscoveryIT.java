package io.garrison.edge.cluster.discovery;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.testing.JoinedEdge;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-11, DI-12, DI-14, DI-T07 to DI-T09: peers by a real etcd. */
class EtcdDiscoveryIT {

    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir
    Path directory;

    private int port;
    private Process etcd;

    @BeforeEach
    void server() throws Exception {
        assumeTrue(Files.isExecutable(ETCD), "etcd is not installed at " + ETCD);
        port = JoinedEdge.freePort();
        start("data");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (etcd != null) {
            etcd.destroyForcibly().waitFor();
        }
    }

    @Test
    void findsWhoIsAnnouncedUnderTheSameNameUntilItGoes() throws Exception {
        var dead = "http://127.0.0.1:" + JoinedEdge.freePort();
        try (var first = etcd(1, "shop", dead, url());
                var second = etcd(2, "shop", url());
                var other = etcd(3, "mail", url())) {
            first.announce();
            second.announce();
            other.announce();
            first.announce();

            assertThat(first.discover())
                    .containsExactlyInAnyOrder(Settings.at("10.0.0.1", 10_101), Settings.at("10.0.0.2", 10_102));

            delete("/garrison/shop/" + new UUID(3, 2));
            assertThat(first.discover())
                    .as("deleted by somebody, under a lease that lives")
                    .containsExactly(Settings.at("10.0.0.1", 10_101));
            second.announce();
            second.announce();
            assertThat(first.discover())
                    .as("put back")
                    .containsExactlyInAnyOrder(Settings.at("10.0.0.1", 10_101), Settings.at("10.0.0.2", 10_102));
            assertThat(second.lost()).isEqualTo(1);
            assertThat(first.lost()).isZero();

            second.close();
            assertThat(first.discover())
                    .as("its lease takes the key along that was put back")
                    .containsExactly(Settings.at("10.0.0.1", 10_101));
            assertThat(other.discover()).containsExactly(Settings.at("10.0.0.3", 10_103));

            etcd.destroyForcibly().waitFor();
            assertThatExceptionOfType(DiscoveryException.class)
                    .isThrownBy(first::discover)
                    .matches(e -> e.code().equals("etcd-client-failed"))
                    .withMessageContaining("127.0.0.1:" + port);

            start("empty");
            first.announce();
            assertThat(first.discover()).containsExactly(Settings.at("10.0.0.1", 10_101));
        }
    }

    @Test
    void givesUpAfterTheDialTimeout() throws Exception {
        try (var peer = new EtcdDiscovery(
                Settings.of("etcd", "etcd-endpoints", url(), "dial-timeout", "300ms"),
                Settings.self(1, "shop", "10.0.0.1", 10_101))) {
            peer.discover();
            new ProcessBuilder("kill", "-STOP", Long.toString(etcd.pid()))
                    .start()
                    .waitFor();

            long before = System.nanoTime();
            assertThatExceptionOfType(DiscoveryException.class)
                    .isThrownBy(peer::discover)
                    .matches(e -> e.code().equals("timed-out"));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(3));
        }
    }

    private EtcdDiscovery etcd(int number, String service, String... endpoints) {
        return new EtcdDiscovery(
                Settings.of("etcd", "etcd-endpoints", String.join(",", endpoints)),
                Settings.self(number, service, "10.0.0." + number, 10_100 + number));
    }

    private void delete(String key) throws Exception {
        var coded = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(url() + "/v3/kv/deleterange"))
                            .POST(BodyPublishers.ofString("{\"key\":\"" + coded + "\"}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.body()).contains("\"deleted\":\"1\"");
        }
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }

    private void start(String data) throws Exception {
        var peer = "http://127.0.0.1:" + JoinedEdge.freePort();
        etcd = new ProcessBuilder(
                        ETCD.toString(),
                        "--data-dir",
                        directory.resolve(data).toString(),
                        "--listen-client-urls",
                        url(),
                        "--advertise-client-urls",
                        url(),
                        "--listen-peer-urls",
                        peer,
                        "--initial-advertise-peer-urls",
                        peer,
                        "--initial-cluster",
                        "default=" + peer,
                        "--unsafe-no-fsync")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(data + ".log").toFile())
                .start();
        await("etcd answers", Duration.ofSeconds(20), () -> {
            try (var probe = etcd(9, "probe", url())) {
                probe.announce();
                return true;
            } catch (DiscoveryException e) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }
}
