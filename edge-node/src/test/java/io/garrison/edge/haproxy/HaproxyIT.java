package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the HAProxy of this machine and real traffic. */
class HaproxyIT {

    private static final Path BINARY = Path.of("/usr/sbin/haproxy");

    @TempDir
    private Path directory;

    private final List<AccessEvent> events = new CopyOnWriteArrayList<>();
    private HaproxyDataPlane plane;
    private AccessLogReader reader;
    private CountingBackend web;
    private CountingBackend api;
    private int port;
    private long revision;

    @BeforeEach
    void startsBackends() throws Exception {
        assumeTrue(Files.isExecutable(BINARY), "HAProxy is not installed at " + BINARY);
        web = new CountingBackend("web");
        api = new CountingBackend("api");
        port = freePort();
        plane = open();
        reader = plane.readAccessLog(events::add);
    }

    @AfterEach
    void stopsEverything() throws Exception {
        if (plane != null) {
            plane.stop();
            reader.close();
            web.close();
            api.close();
        }
    }

    @Test
    void routesByPathSegmentsHostAndHeader() throws Exception {
        assertApplied(policy("""
                ,"routes":[{"when":{"pathPrefix":"/api"},"pool":"api"},{"when":{"host":"API.example"},"pool":"api"},
                  {"when":{"header":{"name":"x-kind","value":"-f /etc/passwd"}},"pool":"api"}]"""));
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isEqualTo("200 web");
            assertThat(client.get("/api")).isEqualTo("200 api");
            assertThat(client.get("/api/v1?x=/")).isEqualTo("200 api");
            assertThat(client.get("/apis")).isEqualTo("200 web");
            assertThat(client.get("/", "X-Kind: -f /etc/passwd")).isEqualTo("200 api");
            assertThat(client.exchange("GET / HTTP/1.1\r\nHost: api.EXAMPLE:" + port + "\r\n\r\n"))
                    .isEqualTo("200 api");
            assertThat(client.get("/", "X-Forwarded-For: 6.6.6.6")).isEqualTo("200 web");
        }
        assertThat(web.heads.getLast())
                .contains("x-forwarded-for: 127.0.0.1\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void countsEveryByteOfTheConnectionAndLogsEveryRequest() throws Exception {
        assertApplied(policy(""));
        long sent;
        long received;
        try (var client = CountingClient.to(port)) {
            client.get("/");
            client.get("/big");
            client.get("/empty");
            client.get("/chunked");
            client.exchange("HEAD / HTTP/1.1\r\nHost: a\tb\"\r\nUser-Agent: x\ty\"\\\u0001é\r\n\r\n");
            client.exchange("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "y".repeat(100_000));
            sent = client.sent;
            received = client.received;
        }
        try (var client = CountingClient.to(port)) {
            assertThat(client.exchange("BROKEN\r\n\r\n")).startsWith("400");
            client.untilEnd();
            sent += client.sent;
            received += client.received;
        }
        await(() -> events.size() == 7);
        var counters = only("shop");
        assertThat(List.of(counters.bytesIn(), counters.bytesOut())).isEqualTo(List.of(sent, received));
        assertThat(counters.exactBytes()).isTrue();
        assertThat(events).extracting(AccessEvent::virtualService).containsOnly("shop");
        assertThat(events).extracting(AccessEvent::id).doesNotHaveDuplicates();
        assertThat(events)
                .extracting(AccessEvent::verdict)
                .filteredOn("BAD_REQUEST"::equals)
                .hasSize(1);
        assertThat(reader.malformed()).isZero();
    }

    @Test
    void deniesByAddressAndLimitsRates() throws Exception {
        assertApplied(policy(",\"accessList\":{\"deny\":[\"127.0.0.0/8\"]}"));
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).startsWith("403");
            await(() -> events.size() == 1);
            var counters = only("shop");
            assertThat(List.of(counters.bytesIn(), counters.bytesOut(), counters.denied()))
                    .isEqualTo(List.of(client.sent, client.received, 1L));
        }
        assertThat(events.getFirst().verdict()).isEqualTo("DENIED_ADDRESS");
        assertApplied(policy(",\"accessList\":{\"allow\":[\"127.0.0.1\"]},\"rateLimit\":{\"requestsPerSecond\":5}"));
        int limited = 0;
        for (int i = 0; i < 30; i++) {
            try (var client = CountingClient.to(port)) {
                limited += client.get("/").startsWith("429") ? 1 : 0;
            }
        }
        assertThat(limited).isBetween(15, 25);
        await(() ->
                events.stream().filter(e -> e.verdict().equals("RATE_LIMITED")).count() > 14);
        assertThat(web.requests.get()).isEqualTo(30 - limited);
    }

    @Test
    void reloadsUnderLoadWithoutAFailureAndWithoutLosingACount() throws Exception {
        assertApplied(policy(""));
        var stop = new AtomicBoolean();
        var failures = new CopyOnWriteArrayList<String>();
        var requests = new AtomicLong();
        var sent = new AtomicLong();
        var received = new AtomicLong();
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            boolean keepAlive = i % 2 == 0;
            clients.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try (var client = CountingClient.to(port)) {
                        for (int n = 0; n < (keepAlive ? 50 : 1) && !stop.get() && !client.closing; n++) {
                            var answer = keepAlive ? client.get("/") : client.get("/", "Connection: close");
                            if (!answer.equals("200 web")) {
                                failures.add(answer);
                            }
                            requests.incrementAndGet();
                        }
                        sent.addAndGet(client.sent);
                        received.addAndGet(client.received);
                    } catch (IOException e) {
                        failures.add(e.toString());
                    }
                }
            }));
        }
        var ended = new ArrayList<WorkerCounters>();
        for (int i = 0; i < 10; i++) {
            assertApplied(policy(",\"maxConnections\":" + (1_000 + i)));
            plane.counters().stream().filter(WorkerCounters::last).forEach(ended::add);
        }
        stop.set(true);
        for (var client : clients) {
            client.join();
        }
        await(() -> {
            var now = plane.counters();
            now.stream().filter(WorkerCounters::last).forEach(ended::add);
            return now.stream().map(WorkerCounters::pid).distinct().count() == 1;
        });
        ended.addAll(plane.counters());
        assertThat(failures).isEmpty();
        assertThat(ended.stream().mapToLong(WorkerCounters::requests).sum()).isEqualTo(requests.get());
        assertThat(ended.stream().mapToLong(WorkerCounters::bytesIn).sum()).isEqualTo(sent.get());
        assertThat(ended.stream().mapToLong(WorkerCounters::bytesOut).sum()).isEqualTo(received.get());
        System.out.println("reload under load: " + requests + " requests, " + failures.size() + " failures");
    }

    @Test
    void refusesATakenPortAndLeavesTrafficAlone() throws Exception {
        assertApplied(policy(""));
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var outcome = apply(policy("").replace(":" + port, ":" + taken.getLocalPort()));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ApplyOutcome.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo("listen-address-unavailable"));
        }
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isEqualTo("200 web");
        }
        assertThat(plane.applied().revision()).isEqualTo(1);
    }

    @Test
    void adoptsWhatSurvivedTheAgentAndRestartsWhatDied() throws Exception {
        assertApplied(policy(""));
        long worker = plane.master().current();
        plane.close();
        plane = open();
        plane.ensureRunning();
        assertThat(plane.master().current()).isEqualTo(worker);
        assertThat(plane.applied().revision()).isEqualTo(1);
        ProcessHandle.of(plane.master().pid()).orElseThrow().destroyForcibly();
        await(() -> plane.master() == null);
        await(() -> {
            try {
                plane.ensureRunning();
                return true;
            } catch (IOException | InterruptedException e) {
                return false;
            }
        });
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isEqualTo("200 web");
        }
    }

    @Test
    void turnsNewClientsAwayWhileDraining() throws Exception {
        assertApplied(policy(""));
        try (var client = CountingClient.to(port)) {
            client.get("/");
            plane.drain(true);
            assertThat(client.get("/")).isEqualTo("200 web");
        }
        assertThat(connects()).isFalse();
        assertApplied(policy(",\"maxConnections\":77"));
        assertThat(connects()).isFalse();
        plane.drain(false);
        assertThat(connects()).isTrue();
    }

    private boolean connects() {
        try (var client = CountingClient.to(port)) {
            return client.get("/").startsWith("200");
        } catch (IOException e) {
            return false;
        }
    }

    private WorkerCounters only(String service) {
        var found = plane.counters().stream()
                .filter(c -> c.virtualService().equals(service) && !c.last())
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private HaproxyDataPlane open() throws Exception {
        return HaproxyDataPlane.open(
                new HaproxySettings(directory.resolve("plane"), BINARY, 2_000, Duration.ofSeconds(5), true));
    }

    private void assertApplied(String policy) throws Exception {
        var outcome = apply(policy);
        assertThat(outcome).isEqualTo(new ApplyOutcome.Applied(revision));
    }

    private ApplyOutcome apply(String json) throws Exception {
        return apply(json, Map.of());
    }

    private ApplyOutcome apply(String json, Map<String, CertificateMaterial> certificates) throws Exception {
        var policy = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
        var bundle = new PolicyBundle(
                1,
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                ++revision,
                Instant.now(),
                ProtocolJson.sha256(policy),
                true,
                List.of(),
                policy);
        return plane.apply(bundle, certificates, ListenAddresses.AS_IN_POLICY);
    }

    private String policy(String more) {
        return """
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":%d,"pool":"web"%s}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":%d}]},
                  {"name":"api","members":[{"address":"127.0.0.1","port":%d}]}]}""".formatted(port, more, web.port(), api.port());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 10 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
