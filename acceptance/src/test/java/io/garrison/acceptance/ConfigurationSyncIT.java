package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Two machines with management of their own, from one sub-licence, that keep one configuration (MS-04). They stand on one
 * test machine, so the second one's edge has another address of its own for the address in the policy.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Provider.Shared.class)
class ConfigurationSyncIT {

    private static final String OWN_ADDRESS_OF_B = "127.0.0.31";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final int PORT_OF_A = Installation.freePort();
    private static final int PORT_OF_B = Installation.freePort();
    private static final int SERVICE = Installation.freePort();

    private static CountingBackend backend;
    private static OwnManagement a;
    private static OwnManagement b;
    private static String key;

    @BeforeAll
    static void startThePair(Provider provider) throws IOException {
        assumeThat(Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
                        .anyMatch(path -> Files.isExecutable(Path.of(path))))
                .as("HAProxy is installed")
                .isTrue();
        backend = CountingBackend.http("web");
        var file = provider.installation().fileFor("pair", "STANDALONE", provider.licence(), 2);
        var vendorKey = provider.installation().vendorKey();
        var second = CompletableFuture.supplyAsync(() -> start(file, vendorKey));
        a = start(file, vendorKey);
        b = second.join();
        giveEdgesTheirOwnAddresses();
        key = a.api()
                .post(sync(a) + "/auth-key", Map.of())
                .expect(201)
                .body()
                .path("authKey")
                .asString();
        assertThat(key).hasSizeGreaterThanOrEqualTo(32);
        set(a, Map.of());
        set(b, Map.of("authKey", key));
        await(a, "IN_SYNC");
        await(b, "IN_SYNC");
    }

    private static OwnManagement start(Path file, Path vendorKey) {
        try {
            return new OwnManagement("standalone", file, vendorKey);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As the administrator of a machine does: the file of the edge, and the agent started again. */
    private static void giveEdgesTheirOwnAddresses() throws IOException {
        for (var own : List.of(a, b)) {
            var settings = own.data().resolve("edge").resolve("edge.properties");
            var lines = new ArrayList<>(Files.readAllLines(settings));
            lines.removeIf(line -> line.startsWith("management.port"));
            lines.add("management.port=0");
            if (own == b) {
                lines.add("address.127.0.0.1=" + OWN_ADDRESS_OF_B);
            }
            Files.write(settings, lines);
            ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains("io.garrison.edge.Main")
                                    && line.contains(own.data().toString()))
                            .isPresent())
                    .forEach(ProcessHandle::destroy);
        }
    }

    @AfterAll
    static void stopThePair() {
        for (var own : new OwnManagement[] {a, b}) {
            if (own != null) {
                own.close();
            }
        }
        if (backend != null) {
            backend.close();
        }
    }

    private static String sync(OwnManagement own) {
        return own.tenant() + "/configuration-sync";
    }

    private static void set(OwnManagement own, Map<String, Object> different) {
        var wish = new HashMap<String, Object>(Map.of(
                "enabled",
                true,
                "acceptRemote",
                true,
                "peerHost",
                "127.0.0.1",
                "peerPort",
                own == a ? PORT_OF_B : PORT_OF_A,
                "listenPort",
                own == a ? PORT_OF_A : PORT_OF_B,
                "timeoutSeconds",
                5));
        wish.putAll(different);
        var before = own.api().get(sync(own)).expect(200);
        var after = own.api().put(sync(own), wish, before.header("ETag")).expect(200);
        assertThat(after.text()).doesNotContain("\"authKey\"");
        assertThat(after.body().path("authKeySet").asBoolean()).isTrue();
    }

    private static JsonNode status(OwnManagement own) {
        return own.api().get(sync(own) + "/status").expect(200).body();
    }

    private static JsonNode await(OwnManagement own, String state) {
        var found = new JsonNode[1];
        Await.until(state + " at " + (own == a ? "a" : "b"), SOON, () -> {
            found[0] = status(own);
            assertThat(found[0].path("state").asString()).as("%s", found[0]).isEqualTo(state);
            return true;
        });
        return found[0];
    }

    private static Map<String, Object> policy(String pool) {
        return Map.of(
                "virtualServices",
                List.of(Map.of(
                        "name", "shop",
                        "address", "127.0.0.1",
                        "port", SERVICE,
                        "protocol", "HTTP",
                        "pool", pool)),
                "pools",
                List.of(Map.of(
                        "name", pool, "members", List.of(Map.of("address", "127.0.0.1", "port", backend.port())))));
    }

    /** The pool that the newest revision sends to, and its comment. */
    private static JsonNode newest(OwnManagement own) {
        var revisions = own.tenant() + "/stacks/" + own.stack() + "/revisions";
        var list = own.api().get(revisions + "?limit=1").expect(200).body().path("items");
        return list.isEmpty()
                ? list
                : own.api()
                        .get(revisions + "/" + list.path(0).path("number").asLong())
                        .expect(200)
                        .body();
    }

    private static String pool(JsonNode revision) {
        return revision.path("policy").path("pools").path(0).path("name").asString("");
    }

    private static JsonNode awaitPool(OwnManagement own, String pool) {
        var found = new JsonNode[1];
        Await.until(pool + " at " + (own == a ? "a" : "b"), SOON, () -> {
            found[0] = newest(own);
            assertThat(pool(found[0])).isEqualTo(pool);
            return true;
        });
        return found[0];
    }

    @Test
    @Order(1)
    void servesAtBothWhatWasPublishedAtOne() {
        var trial = a.api().post(sync(a) + "/test", Map.of()).expect(200).body();
        assertThat(trial.path("reached").asBoolean()).as("%s", trial).isTrue();

        a.publish(policy("one"), "from a");

        var arrived = awaitPool(b, "one");
        assertThat(arrived.path("comment").asString()).isEqualTo("Configuration Sync from 127.0.0.1: from a");
        assertThat(arrived.path("publishedBy").asString()).startsWith("Configuration Sync from");
        b.awaitInSync(1);
        a.awaitInSync(1);
        assertThat(new CountingClient(OWN_ADDRESS_OF_B, SERVICE, 1).request("/"))
                .isEqualTo(200);
        assertThat(new CountingClient("127.0.0.1", SERVICE, 2).request("/")).isEqualTo(200);

        b.publish(policy("two"), "from b");
        awaitPool(a, "two");
        await(a, "IN_SYNC");
        await(b, "IN_SYNC");
    }

    @Test
    @Order(2)
    void refusesWhoHoldsAnotherKey() {
        set(b, Map.of("authKey", "x".repeat(40)));
        await(b, "REFUSED");
        a.publish(policy("secret"), "not for others");

        var told = await(a, "REFUSED");
        assertThat(told.path("trouble").path("code").asString()).isEqualTo("sync.refused");
        assertThat(pool(newest(b))).isEqualTo("two");
        set(b, Map.of("authKey", key));
        awaitPool(b, "secret");
        await(a, "IN_SYNC");
    }

    @Test
    @Order(3)
    void dialsWhereItIsToldAndWaitsAsLongAsItIsTold() throws IOException {
        int other = Installation.freePort();
        set(b, Map.of("listenPort", other));
        Await.until("nobody listens on the old port", SOON, () -> {
            var trial = a.api().post(sync(a) + "/test", Map.of()).expect(200).body();
            return !trial.path("reached").asBoolean();
        });
        set(a, Map.of("peerPort", other));
        Await.until(
                "on the new one",
                SOON,
                () -> a.api()
                        .post(sync(a) + "/test", Map.of())
                        .expect(200)
                        .body()
                        .path("reached")
                        .asBoolean());
        try (var silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            set(a, Map.of("peerPort", silent.getLocalPort(), "timeoutSeconds", 1));
            var trial = a.api().post(sync(a) + "/test", Map.of()).expect(200).body();
            assertThat(trial.path("problem").path("code").asString()).isEqualTo("sync.unreachable");
            assertThat(trial.path("milliseconds").asLong()).isBetween(900L, 4_000L);
        }
        set(b, Map.of());
        set(a, Map.of());
        await(a, "IN_SYNC");
    }

    @Test
    @Order(4)
    void movesNothingOfWhatBothHaveChangedUntilSomebodyChooses() {
        set(b, Map.of("enabled", false));
        a.publish(policy("of-a"), "parted, a");
        await(a, "UNREACHABLE");
        assertThat(status(b).path("state").asString()).isEqualTo("DISABLED");
        b.publish(policy("of-b"), "parted, b");
        set(b, Map.of());

        for (var own : List.of(a, b)) {
            var stack = await(own, "CONFLICT").path("stacks").path(0);
            Await.until(
                    "the difference",
                    SOON,
                    () -> !status(own)
                            .path("stacks")
                            .path(0)
                            .path("conflict")
                            .path("changes")
                            .isEmpty());
            assertThat(stack.path("mine").path("sha256").asString())
                    .isNotEqualTo(stack.path("theirs").path("sha256").asString());
        }
        assertThat(List.of(pool(newest(a)), pool(newest(b)))).containsExactly("of-a", "of-b");

        var stack = status(a).path("stacks").path(0);
        a.api()
                .post(
                        sync(a) + "/resolve",
                        Map.of("stack", stack.path("name").asString(), "keep", "MINE", "theirs", "0"))
                .expectProblem(409, "sync.moved-on");
        a.api()
                .post(
                        sync(a) + "/resolve",
                        Map.of(
                                "stack", stack.path("name").asString(),
                                "keep", "MINE",
                                "theirs", stack.path("theirs").path("sha256").asString()))
                .expect(200);
        awaitPool(b, "of-a");
        await(a, "IN_SYNC");
        await(b, "IN_SYNC");
        var history = b.api()
                .get(b.tenant() + "/stacks/" + b.stack() + "/revisions")
                .expect(200)
                .text();
        assertThat(history).contains("parted, b");
    }

    @Test
    @Order(5)
    void catchesUpAfterItWasAway() {
        b.stop();
        a.publish(policy("while-away-1"), "first");
        a.publish(policy("while-away-2"), "second");
        await(a, "UNREACHABLE");

        b.start();

        awaitPool(b, "while-away-2");
        await(a, "IN_SYNC");
        await(b, "IN_SYNC");
        assertThat(new CountingClient(OWN_ADDRESS_OF_B, SERVICE, 3).request("/"))
                .isEqualTo(200);
    }
}
