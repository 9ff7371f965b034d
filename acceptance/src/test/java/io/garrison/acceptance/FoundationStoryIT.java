package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The main job, end to end, with real processes: licence, tenants, sub-licences, stacks, enrolment, policy, traffic,
 * telemetry, bill. The steps build on each other. (MS-12 … MS-14, HC-01 … HC-04, HC-07, HC-18, HC-21, PX-33)
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FoundationStoryIT {

    private static World world;
    private static CountingClient shop;
    private static CountingClient shopOnSecond;
    private static CountingClient echo;
    private static CountingClient betaSite;

    @BeforeAll
    static void build() throws IOException {
        assumeThat(Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
                        .anyMatch(path -> Files.isExecutable(Path.of(path))))
                .as("HAProxy is installed")
                .isTrue();
        world = new World();
        shop = new CountingClient("127.0.0.21", world.shopPort, 1);
        shopOnSecond = new CountingClient("127.0.0.22", world.shopPort, 2);
        echo = new CountingClient("127.0.0.21", world.echoPort, 3);
        betaSite = new CountingClient("127.0.0.23", world.betaPort, 4);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    @Order(1)
    void showsTheEdgesInSyncAndHealthyToTheMsspAndOnTheMachine() {
        var status = world.alphaFirst.status();

        assertThat(status.path("syncState").asString()).isEqualTo("IN_SYNC");
        assertThat(status.path("appliedRevision").asLong()).isEqualTo(1);
        assertThat(status.path("virtualServices").path(0).path("address").asString())
                .isEqualTo("127.0.0.21");
        var pool = world.provider().get("/api/v1/licenses").expect(200);
        var licence = pool.body().path("items").path(0).path("id").asString();
        var instances = world.provider()
                .get("/api/v1/licenses/" + licence + "/pool")
                .expect(200)
                .body()
                .path("entitlements");
        assertThat(instances).anySatisfy(line -> {
            assertThat(line.path("metric").asString()).isEqualTo("instances");
            assertThat(line.path("allocated").asLong()).isEqualTo(3);
            assertThat(line.path("free").asLong()).isEqualTo(2);
        });
    }

    @Test
    @Order(2)
    void routesTraffic() {
        shop.requests(40);
        shopOnSecond.requests(25);
        assertThat(shop.request("/api/orders")).isEqualTo(200);
        betaSite.requests(30);
        echo.echo(100_000);
        echo.echo(1);

        assertThat(world.api.requests.sum()).isEqualTo(1);
        assertThat(world.web.requests.sum()).isEqualTo(65);
        assertThat(world.betaWeb.requests.sum()).isEqualTo(30);
    }

    @Test
    @Order(3)
    void billsWhatClientsAndBackEndsCounted() {
        assertTheBillIsTrue();
    }

    @Test
    @Order(4)
    void showsTrafficAndLogLinesOfTheTenantOnly() {
        Await.until("log lines", Duration.ofSeconds(60), () -> {
            var found = search(world.alpha.api(), world.alpha, "path:/api/orders");
            assertThat(found.path("items").size()).isEqualTo(1);
            assertThat(found.path("items").path(0).path("status").asInt()).isEqualTo(200);
            return true;
        });
        assertThat(search(world.alpha.api(), world.alpha, "").toString()).doesNotContain("canary-beta");
        Await.until("statistics", Duration.ofSeconds(60), () -> {
            var from = Instant.now().minus(Duration.ofMinutes(30));
            var stats = world.alpha
                    .api()
                    .get(world.alpha.path()
                            + "/stats?from=%s&to=%s&step=300&metric=requests&groupBy=virtualService"
                                    .formatted(from, Instant.now().plusSeconds(60)))
                    .expect(200);
            assertThat(stats.text()).contains("shop").doesNotContain("canary-beta");
            assertThat(stats.body().path("completeness").isNumber()).isTrue();
            return true;
        });
    }

    @Test
    @Order(5)
    void keepsTheBillTrueThroughCrashesInMidTraffic() throws Exception {
        var going = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var traffic = Stream.<Callable<Void>>of(
                            () -> repeat(going, () -> shop.requests(20)),
                            () -> repeat(going, () -> shopOnSecond.requests(20)),
                            () -> repeat(going, () -> betaSite.requests(20)),
                            () -> repeat(going, () -> echo.echo(20_000)))
                    .map(threads::submit)
                    .toList();
            killServer("kafka.Kafka");
            killServer("postgres");
            world.alphaFirst.kill();
            world.alphaFirst.run();
            world.installation.kill();
            world.installation.start();
            going.set(false);
            for (var each : traffic) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    throw new AssertionError("traffic was disturbed", e.getCause());
                }
            }
        }
        ProviderStaff.awaitInSync(world.alpha, 2, 1);
        ProviderStaff.awaitInSync(world.beta, 1, 1);

        assertTheBillIsTrue();
    }

    @Test
    @Order(6)
    void leavesTrafficUntouchedWhenTheDataPlaneRefusesAPolicy() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.23"))) {
            world.installation.staff().publish(world.beta, withServiceOn(taken.getLocalPort()), "a port that is taken");

            Await.until("the refusal", Duration.ofSeconds(60), () -> {
                var instance = world.beta
                        .api()
                        .get(world.beta.stackPath() + "/instances")
                        .expect(200)
                        .body()
                        .path("items")
                        .path(0);
                assertThat(instance.path("syncState").asString()).isEqualTo("FAILED");
                assertThat(instance.toString()).contains("listen-address-unavailable");
                return true;
            });
            assertThat(betaSite.request("/size/10/after")).isEqualTo(200);
        }
        var history =
                world.beta.api().get(world.beta.stackPath() + "/revisions").expect(200);
        assertThat(history.body().path("items").size()).isEqualTo(2);
        world.beta
                .api()
                .post(world.beta.stackPath() + "/revisions/1/rollback", Map.of("comment", "back"))
                .expect(201);
        ProviderStaff.awaitInSync(world.beta, 1, 3);
        assertThat(betaSite.request("/size/10/back")).isEqualTo(200);
    }

    @Test
    @Order(7)
    void showsATenantNothingOfAnother() {
        var paths = world.provider().get("/v3/api-docs").expect(200).body().path("paths");
        int tried = 0;
        for (var entry : paths.properties()) {
            if (!entry.getKey().startsWith("/api/v1/tenants/{")) {
                continue;
            }
            var foreign = filled(entry.getKey(), world.alpha);
            for (var verb : entry.getValue().properties()) {
                var method = verb.getKey().toUpperCase(java.util.Locale.ROOT);
                byte[] body = method.equals("GET") || method.equals("DELETE") ? null : "{}".getBytes();
                var answer =
                        world.beta.api().send(method, foreign, body, "application/json", Map.of("If-Match", "\"1\""));
                assertThat(answer.status())
                        .as("%s: %s", answer.what(), answer.text())
                        .isEqualTo(404);
                tried++;
            }
        }
        assertThat(tried).as("operations under a tenant").isGreaterThan(30);
        assertThat(world.beta.api().get("/api/v1/tenants").text()).doesNotContain(world.alpha.id());
        var from = Instant.now().minus(Duration.ofHours(2));
        world.beta
                .api()
                .get("/api/v1/usage?from=%s&to=%s".formatted(from, Instant.now()))
                .expect(403);
    }

    @Test
    @Order(8)
    void exportsTheSameBytesTwiceAndKeepsAnUnbrokenAuditTrail() {
        var to = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.HOURS).plus(Duration.ofHours(1));
        var path = "/api/v1/usage?format=csv&from=%s&to=%s".formatted(to.minus(Duration.ofHours(4)), to);
        stopTraffic();

        var first = world.provider().get(path).expect(200).text();
        assertThat(first).contains("canary-beta-site").contains("shop");
        assertThat(world.provider().get(path).expect(200).text()).isEqualTo(first);
        var audit = world.provider().get("/api/v1/audit/verify").expect(200).body();
        assertThat(audit.path("intact").asBoolean()).isTrue();
        assertThat(audit.path("entries").asLong()).isGreaterThan(5);
    }

    @Test
    @Order(9)
    void deletesATenantWithEverythingAndGivesItsSharesBack() {
        var path = world.beta.path();
        var any = Map.of("If-Match", "*");
        world.provider().send("DELETE", path, null, "", any).expect(409);
        world.provider().post(path + "/suspend", Map.of()).expect(200);
        var done = world.provider().await(world.provider().send("DELETE", path, null, "", any), Duration.ofSeconds(60));

        assertThat(done.body().path("progress").asInt()).isEqualTo(100);
        world.provider().get(path).expect(404);
        world.beta.api().get(path + "/stacks").expect(401);
        var licence = world.provider().get("/api/v1/licenses").expect(200);
        var pool = world.provider()
                .get("/api/v1/licenses/"
                        + licence.body().path("items").path(0).path("id").asString() + "/pool")
                .expect(200);
        assertThat(pool.body().path("entitlements")).anySatisfy(line -> {
            assertThat(line.path("metric").asString()).isEqualTo("instances");
            assertThat(line.path("allocated").asLong()).isEqualTo(2);
        });
        world.alpha.api().get(world.alpha.stackPath()).expect(200);
    }

    /** Stopped edges count no instance seconds, so that the current hour stands still. */
    private static void stopTraffic() {
        world.alphaFirst.close();
        world.alphaSecond.close();
        world.betaOnly.close();
    }

    private static void killServer(String commandPart) {
        var killed = world.installation.server(commandPart);
        assertThat(killed.destroyForcibly()).isTrue();
        Await.until(commandPart + " is dead", Duration.ofSeconds(10), () -> !killed.isAlive());
        Await.until(
                "another " + commandPart,
                Duration.ofSeconds(60),
                () -> world.installation.server(commandPart).isAlive());
    }

    private static Void repeat(AtomicBoolean going, Runnable work) {
        for (int round = 0; going.get() && round < 10_000; round++) {
            work.run();
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
        return null;
    }

    private static tools.jackson.databind.JsonNode search(Api api, ProviderStaff.Customer customer, String query) {
        return api.post(
                        customer.path() + "/logs/search",
                        Map.of(
                                "query",
                                query,
                                "from",
                                Instant.now().minus(Duration.ofHours(1)).toString(),
                                "to",
                                Instant.now().plusSeconds(60).toString(),
                                "limit",
                                100))
                .expect(200)
                .body();
    }

    private static Map<String, Object> withServiceOn(int port) {
        var services =
                new java.util.ArrayList<Object>((List<?>) world.betaPolicy().get("virtualServices"));
        services.add(Map.of(
                "name", "second",
                "address", "127.0.0.1",
                "port", port,
                "protocol", "HTTP",
                "pool", "canary-beta-pool"));
        return Map.of("virtualServices", services, "pools", world.betaPolicy().get("pools"));
    }

    /** Alpha's path, with ids that exist where we know some. */
    private static String filled(String template, ProviderStaff.Customer of) {
        return template.replaceFirst("\\{[^}]+}", of.id())
                .replaceFirst("stacks/\\{[^}]+}", "stacks/" + of.stack())
                .replaceFirst("sub-licenses/\\{[^}]+}", "sub-licenses/" + of.subLicence())
                .replaceFirst("revisions/\\{[^}]+}", "revisions/1")
                .replaceFirst("diff/\\{[^}]+}", "diff/1")
                .replaceAll("\\{[^}]+}", java.util.UUID.randomUUID().toString());
    }

    private static void assertTheBillIsTrue() {
        Usage.flush(world.provider());
        var all = "/api/v1/usage";
        var shopOf = Usage.service(world.alpha.id(), "shop");
        var echoOf = Usage.service(world.alpha.id(), "echo");
        var betaOf = Usage.service(world.beta.id(), "canary-beta-site");

        assertThat(Usage.total(world.provider(), all, "requests", shopOf))
                .isEqualTo(shop.requests.sum() + shopOnSecond.requests.sum())
                .isEqualTo(world.web.requests.sum() + world.api.requests.sum());
        assertThat(Usage.total(world.provider(), all, "bytesIn", shopOf))
                .isEqualTo(shop.bytesSent.sum() + shopOnSecond.bytesSent.sum());
        assertThat(Usage.total(world.provider(), all, "bytesOut", shopOf))
                .isEqualTo(shop.bytesReceived.sum() + shopOnSecond.bytesReceived.sum());
        assertThat(Usage.total(world.provider(), all, "connections", shopOf))
                .isEqualTo(shop.connections.sum() + shopOnSecond.connections.sum());

        assertThat(Usage.total(world.provider(), all, "bytesIn", echoOf))
                .isEqualTo(echo.bytesSent.sum())
                .isEqualTo(world.echo.bytesIn.sum());
        assertThat(Usage.total(world.provider(), all, "bytesOut", echoOf))
                .isEqualTo(echo.bytesReceived.sum())
                .isEqualTo(world.echo.bytesOut.sum());

        assertThat(Usage.total(world.provider(), all, "requests", betaOf)).isEqualTo(betaSite.requests.sum());
        assertThat(Usage.total(world.provider(), all, "bytesOut", betaOf)).isEqualTo(betaSite.bytesReceived.sum());
        // The customer reads the same numbers as the MSSP.
        assertThat(Usage.total(world.beta.api(), world.beta.path() + "/usage", "bytesOut", betaOf))
                .isEqualTo(betaSite.bytesReceived.sum());
    }
}
