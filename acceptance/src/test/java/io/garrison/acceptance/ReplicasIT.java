package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.garrison.acceptance.ProviderStaff.Customer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Private cloud: two replicas of the application share one PostgreSQL, Kafka and OpenSearch, and one of them is killed in
 * mid-traffic. The steps build on each other. (MS-17)
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicasIT {

    private static final List<String> TOPICS = List.of("g.meter.v1", "g.stats.v1", "g.event.v1");

    private static Replicas cloud;
    private static ProviderStaff atFirst;
    private static ProviderStaff atSecond;
    private static Customer customer;
    private static CountingBackend web;
    private static CountingClient client;
    private static Edge edge;

    @BeforeAll
    static void start() throws IOException {
        assumeThat(Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
                        .anyMatch(path -> Files.isExecutable(Path.of(path))))
                .as("HAProxy is installed")
                .isTrue();
        cloud = new Replicas(5);
        atFirst = cloud.first.staff();
        atSecond = cloud.second.staff();
        web = CountingBackend.http("web");
    }

    @AfterAll
    static void stop() {
        if (edge != null) {
            edge.close();
        }
        if (cloud != null) {
            cloud.close();
            web.close();
        }
    }

    @Test
    @Order(1)
    void sharesThePartitionsOfEachTopic() {
        Await.until("partitions at both", Duration.ofSeconds(60), () -> {
            for (var topic : TOPICS) {
                int first = partitions(cloud.first, atFirst, topic);
                int second = partitions(cloud.second, atSecond, topic);
                assertThat(first).as(topic).isPositive();
                assertThat(second).as(topic).isPositive();
                assertThat(first + second).as(topic).isEqualTo(12);
            }
            return true;
        });
    }

    /** What one replica writes the other reads; one administrator was made, though both were told to make it. */
    @Test
    @Order(2)
    void isOneInstallation() throws Exception {
        var licence = atFirst.loadLicence(cloud.files.licence());
        customer = atSecond.customer("shop", licence, 1);
        var members = atFirst.api().get("/api/v1/members").expect(200).body().path("items");
        assertThat(members.size()).as("%s", members).isEqualTo(1);
    }

    @Test
    @Order(4)
    void tellsAnEdgeThatWaitsAtOneReplicaWhatTheOtherPublished() {
        int port = Installation.freePort();
        atFirst.publish(customer, policy(port, 1), "first");
        edge = Edge.join(cloud.directory, "edge", atSecond.token(customer, 1).body(), "127.0.0.25")
                .run();
        ProviderStaff.awaitInSync(customer, 1, 1);
        client = new CountingClient("127.0.0.25", port, 1);
        client.requests(30);

        atFirst.publish(customer, policy(port, 2), "second");
        ProviderStaff.awaitInSync(customer, 1, 2);
        atSecond.publish(customer, policy(port, 3), "third");
        ProviderStaff.awaitInSync(customer, 1, 3);
        assertTheBillIsTrue(atFirst.api());
        assertTheBillIsTrue(atSecond.api());
    }

    @Test
    @Order(3)
    void letsOneOfManyRequestsAtBothHaveTheLastSeats() throws Exception {
        var licence = licence(atFirst);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = IntStream.range(0, 40)
                    .mapToObj(i -> threads.submit(() -> (i % 2 == 0 ? atFirst : atSecond)
                            .api()
                            .post(customer.path() + "/sub-licenses", seats(licence, 4, Duration.ofDays(6)))
                            .status()))
                    .toList();
            int given = 0;
            for (var answer : asked) {
                assertThat(answer.get()).isIn(201, 409);
                given += answer.get() == 201 ? 1 : 0;
            }
            assertThat(given).isEqualTo(1);
        }
        var pool = atSecond.api().get("/api/v1/licenses/" + licence + "/pool").expect(200);
        assertThat(pool.body().path("entitlements").path(0).path("free").asLong())
                .as(pool.text())
                .isZero();
    }

    /** The share of six days is due for one notice, which each replica's job finds. */
    @Test
    @Order(5)
    void doesTimedWorkOnce() {
        Await.until("the notices", Duration.ofSeconds(100), () -> {
            assertThat(notices(atFirst)).contains("EXPIRES_IN_7_DAYS").contains("EXPIRES_IN_30_DAYS");
            return true;
        });
        assertThat(notices(atSecond)).containsExactlyInAnyOrder("EXPIRES_IN_7_DAYS", "EXPIRES_IN_30_DAYS");
    }

    @Test
    @Order(6)
    void losesNothingWhenAReplicaIsKilledInMidTraffic() throws Exception {
        var session = new Browser();
        session.signIn(cloud.first.address());
        assertThat(session.get(cloud.first.address() + "/").statusCode()).isEqualTo(200);
        var tokenOfFirst = atFirst.api();
        var going = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var traffic = threads.submit((Callable<Void>) () -> {
                for (int round = 0; going.get() && round < 10_000; round++) {
                    client.requests(10);
                    Thread.sleep(50);
                }
                return null;
            });
            try {
                killTheFirst();
            } finally {
                going.set(false);
            }
            traffic.get();
        }
        assertTheBillIsTrue(atSecond.api());

        // A credential holds at every replica; a page's session ends with its replica, and leads to the sign-in.
        cloud.second.staff().api().get("/api/v1/me").expect(200);
        tokenOfFirst.at(cloud.second.address()).get("/api/v1/me").expect(200);
        var led = session.get(cloud.second.address() + "/");
        assertThat(led.statusCode()).as("%s", led.headers()).isEqualTo(302);
        assertThat(led.headers().firstValue("Location").orElse("")).contains("/login");
        session.signIn(cloud.second.address());
        assertThat(session.get(cloud.second.address() + "/").statusCode()).isEqualTo(200);
    }

    private static void killTheFirst() {
        client.request("/before");
        cloud.first.kill();
        atSecond.publish(customer, policy(client.port(), 4), "while one is away");
        ProviderStaff.awaitInSync(customer, 1, 4);
        Await.until("all partitions at the other", Duration.ofSeconds(60), () -> {
            for (var topic : TOPICS) {
                assertThat(partitions(cloud.second, atSecond, topic)).as(topic).isEqualTo(12);
            }
            return true;
        });
    }

    @Test
    @Order(7)
    void takesAReplicaBack() {
        cloud.first.start();
        atFirst = cloud.first.staff();

        sharesThePartitionsOfEachTopic();
        client.requests(20);
        assertTheBillIsTrue(atFirst.api());
    }

    private static void assertTheBillIsTrue(Api api) {
        Usage.flush(api);
        var shop = Usage.service(customer.id(), "shop");
        assertThat(Usage.total(api, "/api/v1/usage", "requests", shop)).isEqualTo(client.requests.sum());
        assertThat(Usage.total(api, "/api/v1/usage", "bytesIn", shop)).isEqualTo(client.bytesSent.sum());
        assertThat(Usage.total(api, "/api/v1/usage", "bytesOut", shop)).isEqualTo(client.bytesReceived.sum());
    }

    private static int partitions(Replicas.Replica replica, ProviderStaff staff, String topic) {
        var prefix = "garrison_collector_partitions{topic=\"" + topic + "\"} ";
        return staff.api()
                .get("/actuator/prometheus")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(prefix.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(replica.address() + " says nothing of " + topic));
    }

    private static String licence(ProviderStaff staff) {
        return staff.api()
                .get("/api/v1/licenses")
                .expect(200)
                .body()
                .path("items")
                .path(0)
                .path("id")
                .asString();
    }

    private static List<String> notices(ProviderStaff staff) {
        return Stream.of(staff.api().get("/api/v1/notices").expect(200).body().path("items"))
                .flatMap(items -> items.valueStream())
                .map(notice -> notice.path("kind").asString())
                .toList();
    }

    private static Map<String, Object> seats(String licence, int instances, Duration lasts) {
        var from = Instant.now().minus(Duration.ofMinutes(1));
        return Map.of(
                "licenseId",
                licence,
                "validFrom",
                from.toString(),
                "validUntil",
                from.plus(lasts).toString(),
                "graceDays",
                0,
                "entitlements",
                List.of(Map.of("metric", "instances", "limit", instances, "overage", "DENY")));
    }

    private static Map<String, Object> policy(int port, int revision) {
        return Map.of(
                "virtualServices",
                List.of(Map.of(
                        "name", "shop",
                        "address", "127.0.0.1",
                        "port", port,
                        "protocol", "HTTP",
                        "maxConnections", 1_000 + revision,
                        "pool", "web")),
                "pools",
                List.of(Map.of("name", "web", "members", List.of(Map.of("address", "127.0.0.1", "port", web.port())))));
    }
}
