package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.acceptance.ProviderStaff.Customer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The image of the edge node, built as its documentation says, and three containers of it that are one stack. The steps build
 * on each other. (PX-04, PX-07, PX-25, DI-20, DI-34)
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(Provider.Shared.class)
class ContainerStoryIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String IMAGE = "localhost/garrison-edge";
    private static final String STATE = "/var/lib/garrison-edge/state";
    private static final int PORT = 8000;
    private static final int EDGES = 3;

    /** As the kernel lists them in {@code /proc/net/tcp}. */
    private static final String ESTABLISHED = "01";

    private static final String LISTENING = "0A";

    /** CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_NICE, as the kernel writes them. */
    private static final String CAPABILITIES = "%016x".formatted(1 << 12 | 1 << 13 | 1 << 23);

    private Podman podman;
    private SharedNetwork network;
    private CountingBackend backEnd;
    private Installation installation;
    private Customer customer;
    private RemoteClient first;
    private RemoteClient third;
    private Counted finished = Counted.NOTHING;

    @BeforeAll
    void build(Provider provider) throws Exception {
        assumeTrue(ManagementAddress.isPossible(), "namespaces need root and ip");
        podman = Podman.open();
        podman.build(IMAGE, Path.of("..", "images", "target", "edge"));
        installation = provider.installation();
        network = new SharedNetwork(EDGES);
        backEnd = CountingBackend.http("web", ManagementAddress.VALUE);
        customer = installation.staff().customer("containers", provider.licence(), EDGES);
        var enrolment = Files.createDirectory(installation.directory.resolve("enrolment"));
        var token = installation.staff().token(customer, EDGES).body();
        Files.writeString(
                enrolment.resolve("url"), token.path("command").asString().split(" ")[4]);
        Files.writeString(enrolment.resolve("token"), token.path("token").asString());
        Files.writeString(enrolment.resolve("ca-sha256"), token.path("caSha256").asString());
        var confined = List.of("--cap-drop=ALL", "--security-opt=no-new-privileges");
        start(1, enrolment, confined);
        start(2, enrolment, confined);
        start(
                3,
                enrolment,
                List.of("--user=0:0", "--cap-drop=ALL", "--cap-add=SETUID,SETGID,NET_ADMIN,NET_RAW,SYS_NICE"));
        first = network.client(SharedNetwork.address(1), PORT);
        third = network.client(SharedNetwork.address(3), PORT);
    }

    private void start(int index, Path enrolment, List<String> rights) throws IOException {
        var settings = Files.writeString(installation.directory.resolve(name(index) + ".properties"), """
                cluster.enabled=true
                cluster.address=%s
                health.listen=0.0.0.0:9528
                """.formatted(
                        SharedNetwork.address(index)));
        var words = new ArrayList<>(List.of("run", "--detach", "--name=" + name(index), "--hostname=" + name(index)));
        words.addAll(rights);
        words.addAll(List.of(
                "--network=ns:" + SharedNetwork.namespace(index),
                "--read-only",
                "--tmpfs=/tmp",
                "--volume=" + name(index) + ":/var/lib/garrison-edge",
                "--volume=" + enrolment + ":/run/garrison/enrolment:ro",
                "--volume=" + settings + ":/etc/garrison-edge/edge.properties:ro",
                IMAGE));
        podman.run(words.toArray(String[]::new));
    }

    private static String name(int index) {
        return "container-" + index;
    }

    @AfterAll
    void end() throws Exception {
        try {
            if (customer != null) {
                ProviderStaff.decommissionAll(customer);
            }
        } finally {
            for (var each : new AutoCloseable[] {podman, backEnd, network}) {
                if (each != null) {
                    each.close();
                }
            }
        }
    }

    @Test
    @Order(1)
    void threeContainersJoinServeAndAreAHealthyCluster() {
        installation.staff().publish(customer, policy(), "first");
        ProviderStaff.awaitInSync(customer, EDGES, 1);
        Await.until("the stack is whole", SOON, () -> {
            var cluster = customer.api()
                    .get(customer.stackPath() + "/cluster")
                    .expect(200)
                    .body();
            assertThat(cluster.path("members").size()).as("%s", cluster).isEqualTo(EDGES);
            assertThat(cluster.path("clusterHealth").asString())
                    .as("%s", cluster)
                    .isEqualTo("HEALTHY");
            return true;
        });
        first.requests(20);
        third.requests(20);
        assertThat(backEnd.requests.sum()).isEqualTo(40);
        for (int index = 1; index <= EDGES; index++) {
            podman.run("healthcheck", "run", name(index));
        }
    }

    @Test
    @Order(2)
    void givesUpRootAndKeepsTheRightsThatItWasGiven() {
        var confined = podman.run("exec", name(1), "cat", "/proc/" + agent(1) + "/status");
        var entitled = podman.run("exec", name(3), "cat", "/proc/" + agent(3) + "/status");

        assertThat(confined).contains("Uid:\t10001\t10001", "CapEff:\t0000000000000000", "NoNewPrivs:\t1");
        assertThat(entitled).contains("Uid:\t10001\t10001", "CapEff:\t" + CAPABILITIES, "NoNewPrivs:\t1");
    }

    @Test
    @Order(3)
    void haproxyServesOnWhenTheAgentIsKilledAndAnotherIsStarted() {
        var killed = agent(1);
        podman.run("exec", name(1), "sh", "-c", "kill -KILL " + killed);
        first.requests(10);

        Await.until("another agent", SOON, () -> !agent(1).equals(killed));
        podman.run("exec", name(1), "garrison-container", "health");
        first.requests(10);
        assertThat(podman.run("exec", name(1), "sh", "-c", "cat /proc/[0-9]*/stat"))
                .as("the first process takes what others have left")
                .doesNotContain(") Z ");
    }

    @Test
    @Order(4)
    void aContainerThatEndsLetsItsClientsFinishAndComesBackAsTheSame() throws Exception {
        var identity = podman.run("exec", name(1), "cat", STATE + "/identity.json");
        var client = new ProcessBuilder("ip", "netns", "exec", SharedNetwork.clients(), "bash", "-c", """
                exec 3<>/dev/tcp/%s/%d
                printf 'GET /size/5000/1 HTTP/1.1\\r\\nHost: shop.example\\r\\n' >&3
                read -r
                printf 'Connection: close\\r\\n\\r\\n' >&3
                exec cat <&3
                """.formatted(
                                SharedNetwork.address(1), PORT))
                .start();
        Await.until("it is being served", SOON, () -> sockets(ESTABLISHED) == 1);

        var began = Instant.now();
        var stopped = CompletableFuture.runAsync(() -> podman.run("stop", "--time=60", name(1)));
        Await.until("new clients go elsewhere", SOON, () -> sockets(LISTENING) == 0);
        assertThat(stopped).isNotDone();
        client.getOutputStream().write('\n');
        client.getOutputStream().close();
        var answer = client.getInputStream().readAllBytes();
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 200 ");
        finished = new Counted(
                1,
                "GET /size/5000/1 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n".length(),
                answer.length);
        await(stopped);
        assertThat(Duration.between(began, Instant.now()))
                .as("waits for nobody")
                .isLessThan(Duration.ofSeconds(15));

        podman.run("start", name(1));
        Await.until(
                "it takes clients again",
                SOON,
                () -> podman.succeeds("exec", name(1), "test", "-e", STATE + "/control.json")
                        && !podman.succeeds("exec", name(1), "test", "-e", STATE + "/container-ends"));
        assertThat(first.reach()).isLessThan(SOON);
        first.requests(20);
        assertThat(podman.run("exec", name(1), "cat", STATE + "/identity.json")).isEqualTo(identity);
        ProviderStaff.awaitInSync(customer, EDGES, 1);
    }

    @Test
    @Order(5)
    void theBillIsWhatTheClientsCounted() {
        Usage.flush(installation.provider());

        assertThat(Counted.billed(installation.provider(), customer.id(), "web"))
                .isEqualTo(first.counted().plus(third.counted()).plus(finished));
    }

    private static Map<String, Object> member(int port) {
        return Map.of("address", ManagementAddress.VALUE, "port", port);
    }

    private Map<String, Object> policy() {
        var service = Map.of("name", "web", "address", "0.0.0.0", "port", PORT, "protocol", "HTTP", "pool", "web");
        return Map.of(
                "virtualServices",
                List.of(service),
                "pools",
                List.of(Map.of("name", "web", "members", List.of(member(backEnd.port())))));
    }

    /** Process id of the agent that runs, within its container. */
    private String agent(int index) {
        var control = podman.run("exec", "--user=10001:10001", name(index), "cat", STATE + "/control.json");
        return Api.JSON.readTree(control).path("pid").asString();
    }

    /** How many sockets of the service are in that state on the first one's machine. */
    private static long sockets(String state) {
        var local = ":%04X".formatted(PORT);
        return SharedNetwork.sockets(1).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[1].endsWith(local) && fields[3].equals(state))
                .count();
    }

    private static void await(CompletableFuture<Void> future) throws IOException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
