package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * A provider's cluster issues sub-licences for customers who run their own management; each file starts an installation
 * in its mode, which protects and counts like any other, and what it counts stands in the provider's bill as well, byte for
 * byte. A tenant of the cluster moves to an installation of its own while its edge serves. (MS-02, MS-07, MS-08, MS-09, MS-12)
 */
@ExtendWith(Provider.Shared.class)
class ModesStoryIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static Path standaloneFile;
    private static Path otherFile;
    private static String licence;
    private static Path vendorKey;
    private static Installation cluster;

    @BeforeAll
    static void issueTheFiles(Provider provider) throws IOException {
        assumeThat(Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
                        .anyMatch(path -> Files.isExecutable(Path.of(path))))
                .as("HAProxy is installed")
                .isTrue();
        cluster = provider.installation();
        licence = provider.licence();
        standaloneFile = cluster.fileFor("solo", "STANDALONE", licence, 1);
        otherFile = cluster.fileFor("other", "STANDALONE", licence, 1);
        vendorKey = cluster.vendorKey();
        cluster.provider()
                .postJose("/api/v1/sub-licenses", Files.readString(standaloneFile))
                .expectProblem(422, "license.wrong-mode");
    }

    @Test
    void standaloneBringsItsOwnEdgeAndKeepsItThroughCrashAndRestart() throws IOException {
        try (var backend = CountingBackend.http("web");
                var solo = new OwnManagement(
                        "standalone", standaloneFile, vendorKey, Map.of("GARRISON_FEDERATION_INTERVAL", "1s"))) {
            var port = Installation.freePort();
            var client = new CountingClient("127.0.0.1", port, 1);
            var bill = new SiteBill(cluster, solo, client, Counted.NOTHING);
            assertThat(solo.api()
                            .get("/api/v1/installation")
                            .expect(200)
                            .body()
                            .path("mode")
                            .asString())
                    .isEqualTo("STANDALONE");

            solo.publish(policy(port, backend), "first");
            var instance = solo.awaitInSync(1).path("id").asString();
            client.requests(30);

            bill.assertTrue();
            assertOneSubLicenceOnly(solo);
            bill.assertTheProviderSeesTheSame();
            bill.assertTheProviderSees("ONLINE");
            resizeReachesTheSite(solo);

            agentOf(solo).destroyForcibly();
            client.requests(5);
            solo.publish(policy(port, backend, "again"), "second");
            assertThat(solo.awaitInSync(2).path("id").asString()).isEqualTo(instance);

            var agent = agentOf(solo);
            solo.stop();
            Await.until("the agent ends with its installation", Duration.ofSeconds(20), () -> !agent.isAlive());
            client.requests(5);
            var refused = solo.startWith(otherFile);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("license.mode-allows-one");
            solo.start();
            solo.publish(policy(port, backend, "thrice"), "third");
            assertThat(solo.awaitInSync(3).path("id").asString())
                    .as("enrolled once")
                    .isEqualTo(instance);
            client.requests(10);
            bill.assertTrue();
            bill.assertTheProviderSeesTheSame();
        }
    }

    @Test
    void centralizedTakesATenantOfTheClusterOverWhileItsEdgeServes() throws IOException {
        var customer = cluster.staff().customer("central", licence, 1);
        try (var here = CountingBackend.http("here");
                var there = CountingBackend.http("there")) {
            var port = Installation.freePort();
            var client = new CountingClient("127.0.0.24", port, 2);
            cluster.staff().publish(customer, policy(port, here), "first");
            var token = cluster.staff().token(customer, 1).body();
            try (var edge =
                    Edge.join(cluster.directory, "lean", token, "127.0.0.24").run()) {
                ProviderStaff.awaitInSync(customer, 1, 1);
                client.requests(25);
                var file = cluster.staff().moves(customer, "CENTRALIZED", licence, cluster.directory);
                try (var central = new OwnManagement("centralized", file, vendorKey, nobodyThere())) {
                    moveConfiguration(customer, central);
                    try (var traffic = SteadyTraffic.of(client)) {
                        edge.joinAnew(central.token());
                        central.awaitInSync(2);
                        central.publish(policy(port, there, "there"), "changed where it is now");
                        central.awaitInSync(3);
                        var before = there.requests.sum();
                        Await.until("the change serves", SOON, () -> there.requests.sum() > before + 5);
                    }
                    var former = whatTheClusterCounted(customer, central, client);
                    assertOneSubLicenceOnly(central);
                    new SiteBill(cluster, central, client, former).carryByHand();
                }
            }
        }
    }

    /** Ids, numbers and history are the same; what is served is published once more, as the next one. */
    private static void moveConfiguration(ProviderStaff.Customer customer, OwnManagement central) {
        assertThat(items(central.api(), central.tenant() + "/instances"))
                .as("no edge of its own")
                .isEmpty();
        var key = central.api()
                .get(central.tenant() + "/configuration/receiver-key")
                .expect(200)
                .body()
                .path("receiverKey")
                .asString();
        var sealed = customer.api()
                .post(customer.path() + "/configuration/export", Map.of("receiverKey", key))
                .expect(200);
        central.api()
                .send(
                        "POST",
                        central.tenant() + "/configuration/import?subLicenseId=" + central.subLicence(),
                        sealed.response().body(),
                        "application/octet-stream",
                        Map.of())
                .expect(200);
        assertThat(central.tenant()).isEqualTo(customer.path());
        assertThat(central.stack()).isEqualTo(customer.stack());
        var now = items(central.api(), customer.stackPath() + "/revisions");
        assertThat(now.getFirst().path("number").asLong()).isEqualTo(2);
        assertThat(now.subList(1, now.size())).isEqualTo(items(customer.api(), customer.stackPath() + "/revisions"));
    }

    /** What each of the two counted is together what the client counted; the former one then forgets the instance. */
    private static Counted whatTheClusterCounted(
            ProviderStaff.Customer customer, OwnManagement central, CountingClient client) {
        Usage.flush(central.api());
        var former = new Counted[1];
        Await.until("nothing is missing or counted twice", SOON, () -> {
            former[0] = Counted.billed(cluster.provider(), customer.id(), "shop");
            assertThat(former[0].plus(Counted.billed(central.api(), customer.id(), "shop")))
                    .isEqualTo(Counted.by(client));
            return true;
        });
        assertThat(former[0].requests()).isGreaterThanOrEqualTo(25);
        var instance = items(customer.api(), customer.path() + "/instances")
                .getFirst()
                .path("id")
                .asString();
        customer.api()
                .post(customer.path() + "/instances/" + instance + "/decommission", Map.of())
                .expect(200);
        cluster.provider()
                .post(customer.path() + "/sub-licenses/" + customer.subLicence() + "/revoke", Map.of())
                .expect(200);
        return former[0];
    }

    private static List<JsonNode> items(Api api, String path) {
        return api.get(path).expect(200).body().path("items").valueStream().toList();
    }

    private static Map<String, String> nobodyThere() {
        return Map.of(
                "GARRISON_FEDERATION_URL", "https://127.0.0.1:1",
                "GARRISON_FEDERATION_CASHA256", "0".repeat(64),
                "GARRISON_FEDERATION_INTERVAL", "1s");
    }

    /** Nobody carries the new file there. */
    private static void resizeReachesTheSite(OwnManagement own) {
        var there = own.tenant() + "/sub-licenses/" + own.subLicence();
        cluster.provider()
                .post(
                        there + "/resize",
                        Map.of(
                                "entitlements",
                                List.of(
                                        Map.of("metric", "instances", "limit", 2, "overage", "DENY"),
                                        Map.of("metric", "throughputBps", "limit", 100_000_000, "overage", "DENY"),
                                        Map.of("metric", "virtualServices", "limit", 5, "overage", "DENY"))))
                .expect(200);
        Await.until("the site has the newer file", SOON, () -> {
            var loaded = own.api().get(there).expect(200).body();
            assertThat(loaded.path("serial").asLong()).isEqualTo(2);
            return true;
        });
    }

    private static void assertOneSubLicenceOnly(OwnManagement own) throws IOException {
        var loaded = own.api()
                .get(own.tenant() + "/sub-licenses/" + own.subLicence() + "/file")
                .expect(200)
                .text();
        own.api().postJose("/api/v1/sub-licenses", loaded).expect(200);
        // An unlike file for an unlike mode would be refused for its mode already.
        var second = Files.readString(otherFile);
        own.api()
                .postJose("/api/v1/sub-licenses", second)
                .expectProblem(
                        loaded.equals(Files.readString(standaloneFile)) ? 409 : 422,
                        loaded.equals(Files.readString(standaloneFile))
                                ? "license.mode-allows-one"
                                : "license.wrong-mode");
        int at = loaded.lastIndexOf('.') + 10;
        var tampered = loaded.substring(0, at) + (loaded.charAt(at) == 'A' ? 'B' : 'A') + loaded.substring(at + 1);
        own.api().postJose("/api/v1/sub-licenses", tampered).expectProblem(422, "license.signature-invalid");
        own.api()
                .post(
                        "/api/v1/tenants",
                        Map.of(
                                "name", "Second",
                                "slug", "second",
                                "mode", "STANDALONE",
                                "contactEmail", "a@b.example",
                                "timeZone", "UTC"))
                .expectProblem(409, "tenant.comes-with-license");
    }

    private static ProcessHandle agentOf(OwnManagement own) {
        var found = new ProcessHandle[1];
        Await.until("the agent", Duration.ofSeconds(60), () -> {
            found[0] = ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains("io.garrison.edge.Main")
                                    && line.contains(own.data().toString()))
                            .isPresent())
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static Map<String, Object> policy(int port, CountingBackend backend) {
        return policy(port, backend, "web");
    }

    private static Map<String, Object> policy(int port, CountingBackend backend, String pool) {
        return Map.of(
                "virtualServices",
                List.of(Map.of(
                        "name", "shop",
                        "address", "127.0.0.1",
                        "port", port,
                        "protocol", "HTTP",
                        "pool", pool)),
                "pools",
                List.of(Map.of(
                        "name", pool, "members", List.of(Map.of("address", "127.0.0.1", "port", backend.port())))));
    }
}
