package io.garrison.edge.agent;

import static io.garrison.edge.testing.JoinedEdge.HISTORY;
import static io.garrison.edge.testing.JoinedEdge.SOON;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static io.garrison.edge.testing.ScriptedGateway.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.edge.testing.CountingClient;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.JoinedEdge.Total;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SyncState;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HC-07, HC-18, HC-21: the agent's own process with the HAProxy of this machine and real traffic. */
class AgentIT {

    @TempDir
    Path temp;

    private JoinedEdge edge;

    @BeforeEach
    void joins() throws Exception {
        edge = new JoinedEdge(temp, 1, "management.port=0", "meter=proxy");
    }

    @AfterEach
    void ends() throws Exception {
        if (edge != null) {
            edge.close();
        }
    }

    @Test
    void countsWhatTheClientsCountAndForgetsItOnlyOnceAcknowledged() throws Exception {
        edge.gateway.acknowledging = false;
        edge.start();
        edge.serve(1, edge.policy(""));
        Total http;
        Total tcp;
        try (var browser = CountingClient.to(edge.httpPort);
                var mailer = CountingClient.to(edge.tcpPort)) {
            for (int i = 0; i < 20; i++) {
                assertThat(browser.get("/")).isEqualTo("200 web");
                assertThat(mailer.get("/big")).startsWith("200 x");
            }
            http = new Total(browser.sent, browser.received, 20);
            tcp = new Total(mailer.sent, mailer.received, 1);
        }
        await("all events", SOON, () -> events().size() == 21);

        edge.flush();

        assertThat(edge.total("shop")).isEqualTo(http);
        assertThat(edge.total("mail")).isEqualTo(tcp);
        assertThat(edge.gateway.meters()).allMatch(MeterRecord::exact);
        assertThat(edge.status().spool().records()).isPositive();
        edge.gateway.acknowledging = true;
        await("forgotten", SOON, () -> edge.status().spool().records() == 0);
    }

    @Test
    void reloadsUnderTrafficAndLetsNoBadRevisionTouchIt() throws Exception {
        edge.start();
        edge.serve(1, edge.policy(""));
        var stranger = new ScriptedGateway();
        try (var traffic = new Traffic(edge.httpPort);
                var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            edge.serve(2, edge.policy(",\"maxConnections\":500"));

            var port = "\"port\":" + edge.httpPort;
            var onTaken = ProtocolJson.read(
                    new String(ProtocolJson.write(edge.policy("")), StandardCharsets.UTF_8)
                            .replace(port, "\"port\":" + taken.getLocalPort())
                            .getBytes(StandardCharsets.UTF_8),
                    Policy.class);
            edge.gateway.publish(bundle(HISTORY, 3, Instant.now(), onTaken));
            awaitRefusal("listen-address-unavailable");

            var next = bundle(HISTORY, 4, Instant.now(), edge.policy(",\"enabled\":false"));
            edge.gateway.publish(stranger.sign(next), "\"stranger\"");
            awaitRefusal("bundle-untrusted");
            edge.gateway.publish(edge.gateway.sign(ofAnotherStack(next)), "\"other\"");
            awaitRefusal("bundle-misdirected");
            edge.gateway.publish(bundle(HISTORY, 1, Instant.now(), edge.policy(",\"enabled\":false")));
            awaitRefusal("bundle-rollback");
            assertThat(edge.status().appliedRevision()).isEqualTo(2);

            edge.serve(5, edge.policy(",\"maxConnections\":600"));
            traffic.end();
            assertThat(traffic.failures).isEmpty();
            assertThat(traffic.requests).hasPositiveValue();
            edge.flush();
            assertThat(edge.total("shop"))
                    .isEqualTo(new Total(traffic.sent.get(), traffic.received.get(), traffic.requests.get()));
        } finally {
            stranger.close();
        }
    }

    @Test
    void startsHaproxyAgainAfterItWasKilledAndCountsOn() throws Exception {
        edge.start();
        edge.serve(1, edge.policy(""));
        try (var client = CountingClient.to(edge.httpPort)) {
            client.get("/");
            client.get("/");
        }
        edge.flush();
        var before = edge.haproxy();

        before.destroyForcibly();

        // the worker outlives its master for a moment, and would serve
        await("another HAProxy", SOON, () -> runsAnother(before.pid()) && serves(edge.httpPort));
        edge.flush();
        assertThat(edge.total("shop").requests()).isEqualTo(3);
        assertThat(edge.reported(1, SyncState.IN_SYNC)).isTrue();
    }

    @Test
    void keepsWhatHappensWithoutTheGatewayAndSendsItInOrder() throws Exception {
        edge.start();
        edge.serve(1, edge.policy(""));
        edge.gateway.failWith = 503;
        try (var client = CountingClient.to(edge.httpPort)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.get("/" + i)).isEqualTo("200 web");
            }
        }
        await("spooled", SOON, () -> edge.status().spool().records() >= 1_000);
        assertThat(events()).isEmpty();

        edge.gateway.failWith = 0;

        await("all events", SOON, () -> events().size() >= 1_000);
        assertThat(events()).extracting(AccessEvent::path).containsExactlyElementsOf(numbered(1_000));
        edge.flush();
        assertThat(edge.total("shop").requests()).isEqualTo(1_000);
        await("empty", SOON, () -> edge.status().spool().records() == 0);
    }

    @Test
    void findsItsDataPlaneServingAfterItDiedInMidTrafficAndGoesOnInTheSameEpoch() throws Exception {
        var first = edge.start();
        edge.serve(1, edge.policy(""));
        var haproxy = edge.haproxy().pid();
        Total counted;
        try (var traffic = new Traffic(edge.httpPort)) {
            edge.flush();
            first.kill();
            long before = traffic.requests.get();
            await("traffic without the agent", SOON, () -> traffic.requests.get() > before + 100);
            edge.gateway.reports.clear();

            edge.start();

            await("report", SOON, () -> edge.reported(1, SyncState.IN_SYNC));
            traffic.end();
            assertThat(traffic.failures).isEmpty();
            counted = new Total(traffic.sent.get(), traffic.received.get(), traffic.requests.get());
        }
        edge.flush();
        assertThat(edge.total("shop")).isEqualTo(counted);
        assertThat(edge.haproxy().pid()).isEqualTo(haproxy);
        assertThat(edge.gateway.meters())
                .filteredOn(record -> record.virtualService().equals("shop"))
                .extracting(MeterRecord::epoch)
                .containsOnly(1L);
    }

    @Test
    void turnsNewClientsAwayWhileDraining() throws Exception {
        edge.start();
        edge.serve(1, edge.policy(""));
        try (var client = CountingClient.to(edge.httpPort)) {
            client.get("/");
            assertThat(edge.edge("drain")).isZero();
            assertThat(client.get("/")).as("who is in is served").isEqualTo("200 web");
        }
        assertThat(serves(edge.httpPort)).isFalse();
        assertThat(edge.edge("drain", "--off")).isZero();
        assertThat(serves(edge.httpPort)).isTrue();
    }

    @Test
    void runsTheHaproxyOfItsSettingsAndNoOtherProgram() throws Exception {
        Files.writeString(edge.state.settings(), "management.port=0\nhaproxy.binary=/bin/true\n");
        assertThatIOException().isThrownBy(edge::start).withMessageContaining("/bin/true is no HAProxy");
        Files.writeString(edge.state.settings(), "management.port=0\nhaproxy.binary=/usr/sbin/haproxy\n");
        edge.start();
        edge.serve(1, edge.policy(""));
        assertThat(serves(edge.httpPort)).isTrue();
    }

    private boolean runsAnother(long pid) {
        try {
            return edge.haproxy().pid() != pid;
        } catch (IOException | NoSuchElementException e) {
            return false; // between the two
        }
    }

    private void awaitRefusal(String code) throws InterruptedException {
        await(code, SOON, () -> {
            var error = edge.lastError();
            return error != null && error.code().equals(code);
        });
    }

    private List<AccessEvent> events() {
        return edge.gateway.batches.stream()
                .flatMap(batch -> batch.events().stream())
                .toList();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "/" + i).toList();
    }

    private static boolean serves(int port) {
        try (var client = CountingClient.to(port)) {
            return client.get("/").equals("200 web");
        } catch (IOException e) {
            return false;
        }
    }

    private static PolicyBundle ofAnotherStack(PolicyBundle bundle) {
        return new PolicyBundle(
                bundle.version(),
                bundle.tenantId(),
                UUID.randomUUID(),
                bundle.incarnation(),
                bundle.revision(),
                bundle.issuedAt(),
                bundle.policySha256(),
                bundle.allowLoopback(),
                bundle.certificates(),
                bundle.policy());
    }

    /** Clients that ask without a pause, half of them over connections that they keep. */
    private static final class Traffic implements AutoCloseable {

        final List<String> failures = new CopyOnWriteArrayList<>();
        final AtomicLong requests = new AtomicLong();
        final AtomicLong sent = new AtomicLong();
        final AtomicLong received = new AtomicLong();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final List<Thread> clients = new CopyOnWriteArrayList<>();

        Traffic(int port) {
            for (int i = 0; i < 4; i++) {
                int perConnection = i % 2 == 0 ? 50 : 1;
                clients.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        ask(port, perConnection);
                    }
                }));
            }
        }

        private void ask(int port, int times) {
            try (var client = CountingClient.to(port)) {
                for (int n = 0; n < times && !stop.get() && !client.closing; n++) {
                    var answer = times > 1 ? client.get("/") : client.get("/", "Connection: close");
                    if (!answer.equals("200 web")) {
                        failures.add(answer);
                    }
                    requests.incrementAndGet();
                    Thread.sleep(5);
                }
                sent.addAndGet(client.sent);
                received.addAndGet(client.received);
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void end() throws InterruptedException {
            stop.set(true);
            for (var client : clients) {
                client.join();
            }
        }

        @Override
        public void close() throws InterruptedException {
            end();
        }
    }
}
