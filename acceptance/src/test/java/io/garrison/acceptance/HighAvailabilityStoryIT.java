package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.garrison.acceptance.ProviderStaff.Customer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Two instances of a stack on one network stand in for each other as management planned it: real agents, HAProxy and
 * keepalived. The steps build on each other. (HA-00 … HA-06, HC-06, HC-16, PX-29, PX-33, PX-34)
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(Provider.Shared.class)
class HighAvailabilityStoryIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PORT = 80;
    private static final int INTERVAL_MS = 200;
    private static final int FAILURE_THRESHOLD = 3;

    /** Intervals, so that a fault can be seen before it is over. */
    private static final int RECOVERY_THRESHOLD = 15;

    private SharedNetwork network;
    private CountingBackend backEnd;
    private Installation installation;
    private Customer customer;
    private Edge left;
    private Edge right;
    private RemoteClient client;

    @BeforeAll
    void build(Provider provider) throws IOException {
        assumeThat(System.getProperty("user.name")).as("namespaces need root").isEqualTo("root");
        assumeThat(Stream.of("haproxy", "keepalived", "ip"))
                .as("programs of the edge")
                .allMatch(program -> Files.isExecutable(Path.of("/usr/sbin", program)));
        installation = provider.installation();
        network = new SharedNetwork();
        backEnd = CountingBackend.http("web", ManagementAddress.VALUE);
        customer = installation.staff().customer("standby", provider.licence(), 2);
        left = edge("left", 1);
        right = edge("right", 2);
        client = network.client(PORT);
    }

    private Edge edge(String name, int index) {
        return Edge.joinWith(
                        installation.directory,
                        name,
                        installation.staff().token(customer, 1).body(),
                        "--name",
                        name,
                        "--set",
                        "meter=proxy",
                        "--set",
                        "cluster.enabled=true",
                        "--set",
                        "cluster.address=" + SharedNetwork.address(index))
                .run(SharedNetwork.on(index));
    }

    @AfterAll
    void end() throws Exception {
        try {
            if (customer != null) {
                ProviderStaff.decommissionAll(customer);
            }
        } finally {
            for (var each : new AutoCloseable[] {left, right, backEnd, network}) {
                if (each != null) {
                    each.close();
                }
            }
        }
    }

    @Test
    @Order(1)
    void bothFollowWhatIsSetForTheStack() {
        var before = customer.api().get(customer.stackPath() + "/ha").expect(200);
        customer.api()
                .put(customer.stackPath() + "/ha", wish(before.body().path("instances")), before.header("ETag"))
                .expect(200);
        installation.staff().publish(customer, policy(), "first");

        ProviderStaff.awaitInSync(customer, 2, 1);
        Await.until("the stack is whole", SOON, () -> {
            assertWhole(2);
            assertThat(cluster().path("sync").path("lastRuleSync").isString()).isTrue();
            assertThat(cluster().path("warnings").isEmpty()).isTrue();
            assertThat(roles()).containsExactlyInAnyOrder("MAIN", "WORKER");
            return true;
        });
        var cluster = cluster();
        assertThat(cluster.path("clusterEnabled").asBoolean()).isTrue();
        assertThat(cluster.path("label").asString()).isEqualTo("ACTIVE_PASSIVE");
        assertThat(cluster.path("detectionMs").asLong()).isEqualTo((long) INTERVAL_MS * FAILURE_THRESHOLD);
        assertThat(cluster.path("term").asLong()).isPositive();
        assertThat(cluster.path("peers").size()).isEqualTo(1);
        assertThat(member("left").path("address").asString()).isEqualTo(SharedNetwork.address(1));
    }

    @Test
    @Order(2)
    void oneHoldsTheAddressAndServesItsClients() {
        awaitHolder("left", "right");
        client.requests(40);

        assertThat(client.counted().requests()).isEqualTo(40);
        assertThat(backEnd.requests.sum()).isEqualTo(40);
        assertThat(member("left").path("haRole").asString()).isEqualTo("ACTIVE");
        assertThat(member("right").path("haRole").asString()).isEqualTo("STANDBY");
    }

    @Test
    @Order(3)
    void theOtherServesWhenHaproxyIsKilledUntilItIsBack() throws Exception {
        Usage.flush(installation.provider()); // what HAProxy has counted since the last look would die with it
        left.killDataPlane();
        var gap = client.reach();
        assertThat(gap).as("HC-16").isLessThan(Duration.ofSeconds(5));
        client.requests(30);
        assertThat(SharedNetwork.holds(2)).isTrue();
        assertThat(SharedNetwork.holds(1)).isFalse();
        Await.until("the fault is shown", SOON, () -> {
            assertThat(member("left").path("faults").toString()).contains("haproxy-dead");
            assertThat(member("left").path("status").asString()).isEqualTo("degraded");
            assertThat(cluster().path("clusterHealth").asString()).isEqualTo("NOT HEALTHY");
            return true;
        });

        awaitHolder("left", "right");
        Await.until("the stack is whole", SOON, () -> {
            assertWhole(2);
            return true;
        });
        client.requests(30);
        assertThat(events("left")).contains("ha.haproxy-dead", "ha.haproxy-back", "ha.role-changed");
        assertThat(events("right")).contains("ha.role-changed").doesNotContain("ha.two-masters");
    }

    @Test
    @Order(4)
    void aRehearsalTellsWhatItTook() {
        customer.api()
                .post(
                        customer.stackPath() + "/drills",
                        Map.of(
                                "router",
                                "web",
                                "kind",
                                "GRACEFUL",
                                "at",
                                java.time.Instant.now().plusSeconds(8).toString(),
                                "holdSeconds",
                                3,
                                "consent",
                                true,
                                "reason",
                                "quarterly"))
                .expect(201);

        Await.until("both have told", SOON, () -> {
            assertThat(drill().path("state").asString()).as("%s", drill()).isEqualTo("DONE");
            return true;
        });
        assertThat(drill().path("yielded").path("takeoverMs").asLong()).isBetween(1L, 3_000L);
        assertThat(drill().path("probed").path("probes").asInt()).isPositive();
        assertThat(drill().path("probed").path("longestGapMs").asLong()).isLessThan(3_000);
        awaitHolder("left", "right");
        client.requests(10);
    }

    @Test
    @Order(5)
    void theBillIsWhatTheClientCountedWhoeverServed() {
        Usage.flush(installation.provider());

        assertThat(Counted.billed(installation.provider(), customer.id(), "web"))
                .isEqualTo(client.counted());
        assertThat(client.counted().requests()).isEqualTo(backEnd.requests.sum());
    }

    @Test
    @Order(6)
    void whoIsDecommissionedLeavesTheAddressAndItsSeat() {
        var former = member("left").path("instanceId").asString();
        long planBefore = member("right").path("planNumber").asLong();
        var path = customer.path() + "/instances/" + former + "/decommission";
        assertThat(customer.api()
                        .post(path, Map.of())
                        .expect(409)
                        .body()
                        .path("code")
                        .asString())
                .isEqualTo("instance.holds-addresses");
        customer.api().post(path + "?force=true", Map.of()).expect(200);

        Await.until("the other holds", Duration.ofSeconds(10), () -> SharedNetwork.holds(2) && !SharedNetwork.holds(1));
        Await.until("the other is alone", SOON, () -> {
            assertWhole(1);
            return true;
        });
        assertThat(cluster().path("warnings").toString()).contains("ha.no-primary", "ha.single-member");
        client.requests(10);
        assertThat(SharedNetwork.holds(2)).isTrue();
        assertThat(SharedNetwork.holds(1)).isFalse();
        assertThat(member("right").path("planNumber").asLong())
                .as("its plan shrank")
                .isGreaterThan(planBefore);
        var third = installation.staff().token(customer, 1).body();
        Edge.joinWith(installation.directory, "third", third, "--name", "third");
    }

    private Map<String, Object> wish(JsonNode instances) {
        var sides = instances
                .valueStream()
                .map(side -> side.path("instanceId").asString())
                .map(id -> Map.<String, Object>of(
                        "instanceId",
                        id,
                        "primary",
                        id.equals(member("left").path("instanceId").asString()),
                        "peerRecoveryThreshold",
                        RECOVERY_THRESHOLD,
                        // A busy machine may have the addresses change hands more often than this story wants.
                        "maximumFlaps",
                        0))
                .toList();
        var router = Map.of(
                "name",
                "web",
                "network",
                "story",
                "id",
                51,
                "device",
                "e0",
                "addresses",
                List.of(Map.of("address", SharedNetwork.SHARED, "prefixLength", 24)));
        return Map.of(
                "trafficMode",
                "ACTIVE_PASSIVE",
                "mode",
                "ACTIVE_PASSIVE",
                "peerCheckIntervalMs",
                INTERVAL_MS,
                "peerFailureThreshold",
                FAILURE_THRESHOLD,
                "instances",
                sides,
                "routers",
                List.of(router));
    }

    private Map<String, Object> policy() {
        var service =
                Map.of("name", "web", "address", SharedNetwork.SHARED, "port", PORT, "protocol", "HTTP", "pool", "web");
        var member = Map.of("address", ManagementAddress.VALUE, "port", backEnd.port());
        return Map.of(
                "virtualServices",
                List.of(service),
                "pools",
                List.of(Map.of("name", "web", "members", List.of(member))));
    }

    private JsonNode cluster() {
        return customer.api().get(customer.stackPath() + "/cluster").expect(200).body();
    }

    private JsonNode member(String name) {
        return cluster()
                .path("members")
                .valueStream()
                .filter(member -> member.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no member " + name));
    }

    private List<String> roles() {
        return cluster()
                .path("members")
                .valueStream()
                .map(member -> member.path("role").asString())
                .toList();
    }

    private String events(String name) {
        return customer.api()
                .get(customer.path() + "/instances/"
                        + member(name).path("instanceId").asString() + "/events?limit=100")
                .expect(200)
                .text();
    }

    private JsonNode drill() {
        return customer.api()
                .get(customer.stackPath() + "/drills")
                .expect(200)
                .body()
                .path("items")
                .path(0);
    }

    private void assertWhole(int members) {
        var cluster = cluster();
        assertThat(cluster.path("clusterHealth").asString()).as("%s", cluster).isEqualTo("HEALTHY");
        assertThat(cluster.path("members").size()).isEqualTo(members);
        assertThat(cluster.path("members").valueStream())
                .as("%s", cluster)
                .allMatch(member -> member.path("planNumber").asLong()
                        == member.path("plannedNumber").asLong());
        assertThat(roles()).as("%s", cluster).contains("MAIN");
    }

    /** On the machines and as both tell it, and for longer than it takes to find a peer silent. */
    private void awaitHolder(String holder, String other) {
        int at = holder.equals("left") ? 1 : 2;
        Await.until(holder + " holds the address", SOON, () -> {
            assertThat(state(holder)).isEqualTo("MASTER");
            assertThat(state(other)).isEqualTo("BACKUP");
            for (int look = 0; look < 10; look++) {
                assertThat(SharedNetwork.holds(at)).isTrue();
                assertThat(SharedNetwork.holds(3 - at)).isFalse();
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MS * FAILURE_THRESHOLD / 10);
            }
            return true;
        });
    }

    private String state(String name) {
        return member(name).path("routers").path(0).path("state").asString();
    }
}
