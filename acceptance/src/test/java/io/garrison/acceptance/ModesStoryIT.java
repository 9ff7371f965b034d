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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A provider's cluster issues sub-licences for customers who run their own management; each file starts an installation
 * in its mode, which protects and counts like any other, and what it counts stands in the provider's bill as well, byte for
 * byte. (MS-02, MS-07, MS-08, MS-09, MS-12)
 */
class ModesStoryIT {

    private static Path standaloneFile;
    private static Path otherFile;
    private static Path centralizedFile;
    private static Path vendorKey;
    private static Installation cluster;

    @BeforeAll
    static void issueTheFiles() throws IOException {
        assumeThat(Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
                        .anyMatch(path -> Files.isExecutable(Path.of(path))))
                .as("HAProxy is installed")
                .isTrue();
        cluster = new Installation(5, Map.of("GARRISON_FEDERATION_GATEWAY", "https://127.0.0.1:<edge-port>"));
        var licence = cluster.loadLicence();
        standaloneFile = cluster.fileFor("solo", "STANDALONE", licence, 1);
        otherFile = cluster.fileFor("other", "STANDALONE", licence, 1);
        centralizedFile = cluster.fileFor("central", "CENTRALIZED", licence, 1);
        vendorKey = cluster.vendorKey();
        cluster.provider()
                .postJose("/api/v1/sub-licenses", Files.readString(standaloneFile))
                .expectProblem(422, "license.wrong-mode");
    }

    @AfterAll
    static void stopTheCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void standaloneBringsItsOwnEdgeAndKeepsItThroughCrashAndRestart() throws IOException {
        try (var backend = CountingBackend.http("web");
                var solo = new OwnManagement(
                        "standalone", standaloneFile, vendorKey, Map.of("GARRISON_FEDERATION_INTERVAL", "1s"))) {
            var port = Installation.freePort();
            var client = new CountingClient("127.0.0.1", port, 1);
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

            assertTheBillIsTrue(solo, client);
            assertOneSubLicenceOnly(solo);
            assertTheProviderSeesTheSame(solo, client);
            assertTheProviderSees(solo, "ONLINE");
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
            assertTheBillIsTrue(solo, client);
            assertTheProviderSeesTheSame(solo, client);
        }
    }

    @Test
    void centralizedTakesALeanAgentByToken() throws IOException {
        try (var backend = CountingBackend.http("web");
                var central = new OwnManagement("centralized", centralizedFile, vendorKey, nobodyThere())) {
            var port = Installation.freePort();
            var client = new CountingClient("127.0.0.24", port, 2);
            assertThat(central.api()
                            .get(central.tenant() + "/instances")
                            .expect(200)
                            .body()
                            .path("items")
                            .size())
                    .as("no edge of its own")
                    .isZero();
            central.publish(policy(port, backend), "first");
            var token = central.api()
                    .post(
                            central.tenant() + "/stacks/" + central.stack() + "/enrollment-tokens",
                            Map.of("ttlMinutes", 30, "uses", 1))
                    .expect(201)
                    .body();
            try (var edge =
                    Edge.join(central.directory, "lean", token, "127.0.0.24").run()) {
                central.awaitInSync(1);
                client.requests(25);

                assertTheBillIsTrue(central, client);
                assertOneSubLicenceOnly(central);
                carryUsageByHand(central, client);
            }
        }
    }

    private static Map<String, String> nobodyThere() {
        return Map.of(
                "GARRISON_FEDERATION_URL", "https://127.0.0.1:1",
                "GARRISON_FEDERATION_CASHA256", "0".repeat(64),
                "GARRISON_FEDERATION_INTERVAL", "1s");
    }

    /** The site has no way to the provider; two files do. */
    private static void carryUsageByHand(OwnManagement central, CountingClient client) {
        var first = export(central);
        client.requests(5);
        assertTheBillIsTrue(central, client);
        var second = export(central);

        var gap = load(second).expect(200).body();
        assertThat(gap.path("missing").path(0).asLong()).isEqualTo(1);
        assertThat(load(first).expect(200).body().path("known").asBoolean()).isFalse();
        assertTheProviderSeesTheSame(central, client);
        var again = load(second).expect(200).body();
        assertThat(again.path("known").asBoolean()).isTrue();
        assertThat(again.path("missing").isEmpty()).isTrue();
        var tampered = first.replaceFirst("\"bytesIn\":", "\"bytesIn\":1");
        load(tampered).expectProblem(422, "usage.signature-invalid");
        load("x".repeat(3 * 1024 * 1024)).expectProblem(413, "payload-too-large");
        assertTheProviderSeesTheSame(central, client);
        assertTheProviderSees(central, "BY_HAND");
        assertThat(central.api()
                        .get("/api/v1/federation")
                        .expect(200)
                        .body()
                        .path("problem")
                        .asString())
                .isNotEmpty();
    }

    private static String export(OwnManagement own) {
        var made = own.api().post("/api/v1/usage-exports", Map.of()).expect(201).body();
        return own.api()
                .get("/api/v1/usage-exports/" + made.path("number").asLong())
                .expect(200)
                .text();
    }

    private static Api.Answer load(String file) {
        return cluster.provider().postJose("/api/v1/usage-files", file);
    }

    /** Same records there and here, and both what the client counted itself. */
    private static void assertTheProviderSeesTheSame(OwnManagement own, CountingClient client) {
        var tenant = own.tenant().substring(own.tenant().lastIndexOf('/') + 1);
        Await.until("the provider has the usage", Duration.ofSeconds(30), () -> {
            var here = Usage.records(own.api(), tenant);
            assertThat(here).isNotEmpty();
            assertThat(Usage.records(cluster.provider(), tenant)).isEqualTo(here);
            return true;
        });
        var shop = Usage.service(tenant, "shop");
        assertThat(Usage.total(cluster.provider(), "/api/v1/usage", "requests", shop))
                .isEqualTo(client.requests.sum());
        assertThat(Usage.total(cluster.provider(), "/api/v1/usage", "bytesIn", shop))
                .isEqualTo(client.bytesSent.sum());
        assertThat(Usage.total(cluster.provider(), "/api/v1/usage", "bytesOut", shop))
                .isEqualTo(client.bytesReceived.sum());
    }

    private static void assertTheProviderSees(OwnManagement own, String state) {
        var sites = cluster.provider()
                .get(own.tenant() + "/sites")
                .expect(200)
                .body()
                .path("items");
        assertThat(sites.size()).as("%s", sites).isEqualTo(1);
        assertThat(sites.path(0).path("state").asString()).isEqualTo(state);
        assertThat(sites.path(0).path("lastUsage").isString()).isTrue();
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
        Await.until("the site has the newer file", Duration.ofSeconds(30), () -> {
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

    private static void assertTheBillIsTrue(OwnManagement own, CountingClient client) {
        Usage.flush(own.api());
        var tenant = own.tenant().substring(own.tenant().lastIndexOf('/') + 1);
        var shop = Usage.service(tenant, "shop");
        assertThat(Usage.total(own.api(), "/api/v1/usage", "requests", shop)).isEqualTo(client.requests.sum());
        assertThat(Usage.total(own.api(), "/api/v1/usage", "bytesIn", shop)).isEqualTo(client.bytesSent.sum());
        assertThat(Usage.total(own.api(), "/api/v1/usage", "bytesOut", shop)).isEqualTo(client.bytesReceived.sum());
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
