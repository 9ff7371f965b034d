package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.testing.CountingBackend;
import io.garrison.edge.testing.CountingClient;
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
    private int otherPort;
    private long revision;

    @BeforeEach
    void startsBackends() throws Exception {
        assumeTrue(Files.isExecutable(BINARY), "HAProxy is not installed at " + BINARY);
        web = new CountingBackend("web");
        api = new CountingBackend("api");
        port = freePort();
        otherPort = freePort();
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
            client.exchange("HEAD / HTTP/1.1\r\nHost: a\r\nUser-Agent: x\ty\"\\\u0001é\r\n\r\n");
            client.exchange("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "y".repeat(100_000));
            sent = client.sent;
            received = client.received;
        }
        long bad = 0;
        // HAProxy 2.6 takes such a host, 3.0 does not
        for (var odd : List.of("BROKEN\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\tb\"\r\nConnection: close\r\n\r\n")) {
            try (var client = CountingClient.to(port)) {
                bad += client.exchange(odd).startsWith("400") ? 1 : 0;
                client.untilEnd();
                sent += client.sent;
                received += client.received;
            }
        }
        await(() -> events.size() == 8);
        var counters = only("shop");
        assertThat(List.of(counters.bytesIn(), counters.bytesOut())).isEqualTo(List.of(sent, received));
        assertThat(counters.exactBytes()).isTrue();
        assertThat(events).extracting(AccessEvent::virtualService).containsOnly("shop");
        assertThat(events).extracting(AccessEvent::id).doesNotHaveDuplicates();
        assertThat(events)
                .extracting(AccessEvent::verdict)
                .filteredOn("BAD_REQUEST"::equals)
                .hasSize((int) bad)
                .isNotEmpty();
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
    void holdsAccessListsOfTenThousandEntries() throws Exception {
        var blocks = new ArrayList<String>();
        for (int i = 0; i < 9_999; i++) {
            blocks.add("\"10." + i / 256 + "." + i % 256 + ".0/24\"");
        }
        var others = String.join(",", blocks);
        assertApplied(policy(",\"accessList\":{\"deny\":[" + others + ",\"127.0.0.1/32\"]}"));
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).startsWith("403");
        }
        assertApplied(policy(",\"accessList\":{\"deny\":[" + others + ",\"2001:db8::/32\"]}"));
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isEqualTo("200 web");
        }
        assertThat(apply(policy(",\"accessList\":{\"deny\":[" + others + ",\"192.0.2.1\",\"192.0.2.2\"]}")))
                .isInstanceOf(ApplyOutcome.Refused.class);
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isEqualTo("200 web");
        }
    }

    @Test
    void carriesIpv6OnBothSidesAndCountsIt() throws Exception {
        assumeTrue(hasIpv6(), "this machine has no IPv6 loopback");
        try (var six = new CountingBackend("six", "::1")) {
            assertApplied("""
                    {"virtualServices":[
                      {"name":"shop","address":"::1","port":%d,"pool":"six","accessList":{"allow":["::1/128"]}},
                      {"name":"mail","address":"::1","port":%d,"protocol":"TCP","pool":"six",
                       "accessList":{"deny":["2001:db8::/32"]}}],
                     "pools":[{"name":"six","members":[{"address":"::1","port":%d}]}]}""".formatted(port, otherPort, six.port()));
            for (var service : List.of("shop", "mail")) {
                try (var client = CountingClient.to("::1", service.equals("shop") ? port : otherPort)) {
                    assertThat(client.get("/")).isEqualTo("200 six");
                    assertThat(client.get("/big")).startsWith("200 x");
                    client.close();
                    await(() -> only(service).bytesOut() == client.received);
                    assertThat(only(service).bytesIn()).isEqualTo(client.sent);
                }
            }
            await(() -> events.size() == 3);
            assertThat(events).extracting(AccessEvent::clientAddress).containsOnly("::1");
            assertThat(connects()).as("not on IPv4 as well").isFalse();
        }
    }

    @Test
    void holdsConnectionsBeyondTheLimitBackUntilOneEnds() throws Exception {
        assertApplied(policy(",\"maxConnections\":2"));
        try (var first = CountingClient.to(port);
                var second = CountingClient.to(port);
                var third = CountingClient.to(port)) {
            assertThat(first.get("/")).isEqualTo("200 web");
            assertThat(second.get("/")).isEqualTo("200 web");
            third.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Thread.sleep(300);
            assertThat(web.requests.get()).as("the third waits").isEqualTo(2);
            first.close();
            await(() -> web.requests.get() == 3);
        }
        assertApplied(policy(",\"maxConnections\":3"));
        try (var first = CountingClient.to(port);
                var second = CountingClient.to(port);
                var third = CountingClient.to(port)) {
            for (var client : List.of(first, second, third)) {
                assertThat(client.get("/")).isEqualTo("200 web");
            }
        }
    }

    @Test
    void closesNewConnectionsAboveTheRate() throws Exception {
        assertApplied(policy(",\"rateLimit\":{\"connectionsPerSecond\":3}"));
        assertThat(connectionsTaken(20)).isBetween(3, 9);
        assertApplied(policy(",\"protocol\":\"TCP\",\"rateLimit\":{\"connectionsPerSecond\":3}"));
        Thread.sleep(1_100); // the rate is of the last second
        assertThat(connectionsTaken(20)).isBetween(3, 9);
        assertApplied(policy(",\"rateLimit\":{\"connectionsPerSecond\":1000}"));
        assertThat(connectionsTaken(20)).isEqualTo(20);
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
        assertThat(ended).filteredOn(WorkerCounters::last).hasSize(10).allMatch(WorkerCounters::complete);
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
    void saysWhatIsAboutToServeBeforeItDoes() throws Exception {
        assertApplied(policy(""));
        var told = new ArrayList<String>();
        plane.onTakeOver(new DataPlane.TakeOver() {
            @Override
            public void begins(Policy next) {
                told.add(next.virtualServices().getFirst().port() + (connects(otherPort) ? " serves" : " is free"));
            }

            @Override
            public void failed() {
                told.add("failed");
            }
        });

        assertApplied(policy("").replace(":" + port, ":" + otherPort));
        assertThat(told).containsExactly(otherPort + " is free");
        assertThat(connects(otherPort)).isTrue();
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(apply(policy("").replace(":" + port, ":" + taken.getLocalPort())))
                    .isInstanceOf(ApplyOutcome.Refused.class);
        }
        assertThat(told).as("others may count on that port").hasSize(1);
    }

    private static boolean connects(int port) {
        try (var socket = new java.net.Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
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
        var killed = only("shop");
        ProcessHandle.of(plane.master().pid()).orElseThrow().destroyForcibly();
        await(() -> plane.master() == null);
        var ended = new ArrayList<WorkerCounters>();
        await(() -> ended.addAll(
                plane.counters().stream().filter(WorkerCounters::last).toList()));
        assertThat(ended).extracting(WorkerCounters::pid).containsExactly(killed.pid());
        assertThat(ended).noneMatch(WorkerCounters::complete);
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
    void countsOnceWhatAWorkerCountedThatWasSilentForAWhile() throws Exception {
        assertApplied(policy(""));
        try (var client = CountingClient.to(port)) {
            client.get("/big");
            var before = only("shop");
            assertThat(before.bytesOut()).isEqualTo(client.received);
            signal("-STOP", before.pid());
            try {
                assertThat(plane.counters()).noneMatch(WorkerCounters::last);
            } finally {
                signal("-CONT", before.pid());
            }
            client.get("/");
            await(() -> only("shop").bytesOut() == client.received);
            assertThat(only("shop").pid()).isEqualTo(before.pid());
        }
    }

    private static void signal(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("/bin/kill", signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
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

    @Test
    void speaksTlsWithTheCertificateAndKeepsItsKeyPrivate() throws Exception {
        var chain = selfSigned();
        var material = new CertificateMaterial(
                "web", Files.readString(chain) + Files.readString(directory.resolve("key.pem")));
        assertThat(apply(policy(",\"certificate\":\"web\""), Map.of("web", material)))
                .isEqualTo(new ApplyOutcome.Applied(1));
        try (var client = new CountingClient(trusting(chain).getSocketFactory().createSocket("127.0.0.1", port))) {
            assertThat(client.get("/")).isEqualTo("200 web");
            client.get("/big");
            await(() -> events.size() == 2);
            var counters = only("shop");
            assertThat(List.of(counters.bytesIn(), counters.bytesOut()))
                    .isEqualTo(List.of(client.sent, client.received));
        }
        try (var files = Files.list(directory.resolve("plane/certificates"))) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        var broken = new CertificateMaterial("web", Files.readString(chain));
        assertThat(apply(policy(",\"certificate\":\"web\""), Map.of("web", broken)))
                .isInstanceOfSatisfying(ApplyOutcome.Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo("configuration-refused");
                    assertThat(refused.reason()).contains("certificate").doesNotContain("/");
                });
        assertThat(plane.applied().revision()).isEqualTo(1);
    }

    /** HAProxy counts HTTP/2 elsewhere, and takes it on any HTTP port if it is let. */
    @Test
    void refusesHttp2ByPriorKnowledgeAndCountsWhatWasTried() throws Exception {
        assertApplied(policy(""));
        try (var client = CountingClient.to(port)) {
            assertRefusesHttp2(client);
        }
        var chain = selfSigned();
        var material = new CertificateMaterial(
                "web", Files.readString(chain) + Files.readString(directory.resolve("key.pem")));
        assertThat(apply(policy(",\"certificate\":\"web\""), Map.of("web", material)))
                .isEqualTo(new ApplyOutcome.Applied(2));
        await(() -> plane.counters().size() == 1); // the former worker has ended
        try (var client = new CountingClient(trusting(chain).getSocketFactory().createSocket("127.0.0.1", port))) {
            assertRefusesHttp2(client);
        }
        assertThat(web.requests.get()).isZero();
    }

    private void assertRefusesHttp2(CountingClient client) throws Exception {
        var host = "shop.example";
        var fields = "\u0082\u0086\u0084\u0041" + (char) host.length() + host; // GET http://shop.example/
        var settings = "\0\0\0\4\0\0\0\0\0";
        var headers = "\0\0" + (char) fields.length() + "\1\5\0\0\0\1" + fields;
        assertThat(client.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + headers))
                .startsWith("400");
        client.untilEnd();
        var counters = only("shop");
        assertThat(List.of(counters.bytesIn(), counters.bytesOut())).isEqualTo(List.of(client.sent, client.received));
    }

    @Test
    void countsEveryByteOfAConnectionThatIsUpgraded() throws Exception {
        assertApplied(policy(""));
        long sent = 0;
        long received = 0;
        var tunnels = new ArrayList<String>();
        for (var protocol : List.of("websocket", "h2c")) {
            try (var client = CountingClient.to(port)) {
                var asked = "Host: shop.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol
                        + "\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
                assertThat(client.exchange("GET /big HTTP/1.1\r\n" + asked)).startsWith("200 x");
                // HAProxy 2.6 hands the wish for HTTP/2 on, 3.0 does not
                if (client.upgrade("GET /upgraded HTTP/1.1\r\n" + asked).startsWith("HTTP/1.1 101 ")) {
                    tunnels.add(protocol);
                    for (var message : List.of("a", "b".repeat(100_000), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
                        client.send(message);
                        assertThat(client.receive(message.length())).isEqualTo(message);
                    }
                }
                sent += client.sent;
                received += client.received;
            }
        }
        var all = List.of(sent, received);
        await(() -> List.of(only("shop").bytesIn(), only("shop").bytesOut()).equals(all));
        assertThat(tunnels).contains("websocket");
    }

    @Test
    void passesTcpAndRefusesDeniedAddresses() throws Exception {
        assertApplied(policy(",\"protocol\":\"TCP\""));
        long sent;
        long received;
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isEqualTo("200 web");
            sent = client.sent;
            received = client.received;
        }
        await(() -> events.size() == 1);
        var counters = only("shop");
        assertThat(List.of(counters.bytesIn(), counters.bytesOut(), counters.requests(), counters.connections()))
                .isEqualTo(List.of(sent, received, 1L, 1L));
        assertApplied(policy(",\"protocol\":\"TCP\",\"accessList\":{\"allow\":[\"10.0.0.0/8\",\"2001:db8::/32\"]}"));
        assertThat(connects()).isFalse();
        await(() -> events.size() == 2);
        assertThat(events.get(1).verdict()).isEqualTo("DENIED_ADDRESS");
    }

    @Test
    void keepsAClientOnItsMemberByCookieAndBySource() throws Exception {
        var two = policy(",\"persistence\":{\"type\":\"%s\"%s}")
                .replace(
                        "\"port\":" + web.port() + "}]",
                        "\"port\":" + web.port() + "},{\"address\":\"127.0.0.1\",\"port\":" + api.port() + "}]");
        assertApplied(two.formatted("COOKIE", ",\"name\":\"srv\""));
        try (var client = CountingClient.to(port)) {
            assertThat(client.get("/")).isNotEqualTo(client.get("/"));
            var cookie = "Cookie: srv="
                    + Names.server(new Token.Endpoint(Ip.parse("127.0.0.1"), api.port()))
                            .name();
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/", cookie)).isEqualTo("200 api");
            }
        }
        assertApplied(two.formatted("SOURCE", ""));
        try (var client = CountingClient.to(port)) {
            var first = client.get("/");
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/")).isEqualTo(first);
            }
        }
    }

    @Test
    void checksTheHealthOfMembers() throws Exception {
        var checked = policy("")
                .replace(
                        "\"port\":" + web.port() + "}]",
                        "\"port\":" + web.port()
                                + "},{\"address\":\"127.0.0.1\",\"port\":" + freePort()
                                + "}],\"healthMonitor\":{\"type\":\"HTTP\",\"path\":\"/health\",\"expectStatus\":\"200-299\","
                                + "\"intervalMs\":200,\"timeoutMs\":200,\"rise\":1,\"fall\":1}");
        assertApplied(checked);
        await(() -> {
            plane.counters();
            return plane.state().virtualServices().getFirst().state().equals("DEGRADED");
        });
        assertThat(plane.state().virtualServices().getFirst().membersUp()).isEqualTo(1);
        try (var client = CountingClient.to(port)) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/")).isEqualTo("200 web");
            }
        }
    }

    @Test
    void putsBackWhatACrashLeftHalfInstalled() throws Exception {
        assertApplied(policy(""));
        plane.close();
        var plain = directory.resolve("plane");
        var other = Files.readString(plain.resolve("haproxy.cfg")).replace("maxconn", "maxconn ");
        byte[] bytes = other.getBytes(StandardCharsets.UTF_8);
        Files.write(plain.resolve("configs/" + ProtocolJson.sha256Hex(bytes) + ".cfg"), bytes);
        Files.write(plain.resolve("haproxy.cfg"), bytes);
        plane = open();
        plane.ensureRunning();
        assertThat(plane.applied().drifted()).isFalse();
        assertThat(plane.applied().revision()).isEqualTo(1);
        assertThat(connects()).isTrue();
        Files.writeString(plain.resolve("haproxy.cfg"), "# by hand\n");
        assertThat(plane.applied().drifted()).isTrue();
        assertApplied(policy(""));
        assertThat(plane.applied().drifted()).isFalse();
    }

    @Test
    void carriesThousandsOfHostileValuesThroughHaproxyUnchanged() throws Exception {
        var random = new java.util.Random(7);
        var values = new ArrayList<String>();
        while (values.size() < 6_000) {
            var value = EncodingTests.hostile(random);
            try {
                new Token.LogLiteral(value);
                new Token.Pattern(value);
                values.add(value);
            } catch (PolicyRefusedException e) {
                // the encoder never sees it
            }
        }
        int mismatches = 0;
        for (int from = 0; from < values.size(); from += 1_000) {
            mismatches += mismatches(values.subList(from, from + 1_000));
        }
        assertThat(mismatches).isZero();
    }

    private int mismatches(List<String> values) throws Exception {
        var lines = new HaproxyConfig.Lines().add("mode http").add("timeout client 30s");
        lines.add("bind", new Token.Endpoint(Ip.parse("127.0.0.1"), port));
        for (int i = 0; i < values.size(); i++) {
            lines.add(
                    "http-request return status 200 content-type text/plain lf-string",
                    new Token.LogLiteral(values.get(i)),
                    "if { path -m str",
                    new Token.Pattern("/" + i),
                    "} { str(x) -m str",
                    new Token.Pattern("x"),
                    "}");
            // the value as a pattern: the request carries it in a header, which takes no characters beyond ASCII
            lines.add(
                    "http-request return status 200 content-type text/plain string matched if { path -m str",
                    new Token.Pattern("/p" + i),
                    "} { req.fhdr(x-value),url_dec -m str",
                    new Token.Pattern(values.get(i)),
                    "}");
        }
        var file = directory.resolve("echo.cfg");
        Files.writeString(
                file, Encoder.encode(new HaproxyConfig(List.of(lines.section("frontend", Names.frontend("echo"))))));
        var builder = new ProcessBuilder(BINARY.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("echo.out").toFile());
        builder.environment().clear();
        builder.environment().put("SECRET", "leaked");
        var haproxy = builder.start();
        try {
            await(() -> {
                assertThat(haproxy.isAlive()).as(() -> read("echo.out")).isTrue();
                try (var socket = new java.net.Socket("127.0.0.1", port)) {
                    return socket.isConnected();
                } catch (IOException e) {
                    return false;
                }
            });
            int mismatches = 0;
            try (var client = CountingClient.to(port)) {
                for (int i = 0; i < values.size(); i++) {
                    var meant = new String(values.get(i).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                    mismatches += client.get("/" + i).equals("200 " + meant) ? 0 : 1;
                    var encoded = java.net.URLEncoder.encode(values.get(i), StandardCharsets.UTF_8)
                            .replace("+", "%20");
                    mismatches += client.get("/p" + i, "x-value: " + encoded).equals("200 matched") ? 0 : 1;
                }
            }
            return mismatches;
        } finally {
            haproxy.destroy();
            haproxy.waitFor();
        }
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** @return the certificate; its key is in {@code key.pem} */
    private Path selfSigned() throws Exception {
        var keys = directory.resolve("key.pem");
        var chain = directory.resolve("chain.pem");
        var made = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        "/CN=shop.example",
                        "-days",
                        "2",
                        "-keyout",
                        keys.toString(),
                        "-out",
                        chain.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.out").toFile())
                .start();
        assumeTrue(made.waitFor() == 0, "openssl is not installed");
        return chain;
    }

    static javax.net.ssl.SSLContext trusting(Path chain) throws Exception {
        var store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(chain)) {
            store.setCertificateEntry(
                    "web",
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = javax.net.ssl.SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private int connectionsTaken(int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += connects() ? 1 : 0;
        }
        return taken;
    }

    private static boolean hasIpv6() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
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
