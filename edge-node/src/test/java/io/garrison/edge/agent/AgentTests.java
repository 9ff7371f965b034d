package io.garrison.edge.agent;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static io.garrison.edge.testing.ScriptedGateway.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.haproxy.WorkerCounters;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.join.KeyRequest;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.meter.Counts;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.SettingsInForce;
import io.garrison.edge.state.SettingsInForce.Setting;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.GatewayClient;
import io.garrison.edge.sync.GatewayException;
import io.garrison.edge.telemetry.Shipper;
import io.garrison.edge.testing.FakeDataPlane;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.Pool;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.protocol.VirtualService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HC-07, HC-18, HC-21: the agent against a real TLS gateway, with a data plane of the test. */
class AgentTests {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final UUID HISTORY = new UUID(9, 1);

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeDataPlane dataPlane = new FakeDataPlane();
    private ScriptedGateway gateway;
    private StateDirectory state;
    private ByteCounters kernel = ByteCounters.NONE;
    private Agent agent;

    @BeforeEach
    void joinedInstance() throws Exception {
        gateway = new ScriptedGateway();
        state = new StateDirectory(temp.resolve("edge"));
        assertThat(edge(
                        "join",
                        "--url",
                        gateway.url(),
                        "--token",
                        "token-1",
                        "--ca-sha256",
                        gateway.authority.rootSha256(),
                        "--set",
                        "management.port=0",
                        "--set",
                        "address.127.0.0.1=127.0.0.9"))
                .isZero();
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            agent.close();
        }
        gateway.close();
    }

    @Test
    void appliesWhatIsPublishedAndReportsItAtOnce() throws Exception {
        start();
        await("first report", SOON, () -> !gateway.reports.isEmpty());
        assertThat(gateway.reports.getFirst().syncState()).isEqualTo(SyncState.NEVER_APPLIED);

        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));

        await("report of revision 1", Duration.ofSeconds(2), () -> last().appliedRevision() == 1);
        assertThat(last().syncState()).isEqualTo(SyncState.IN_SYNC);
        assertThat(last().appliedIncarnation()).isEqualTo(HISTORY);
        assertThat(last().virtualServices().getFirst().address()).isEqualTo("127.0.0.9");
        var sequences = gateway.reports.stream().map(Report::sequence).toList();
        assertThat(sequences).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void reportsAsOftenAsManagementAsksFor() throws Exception {
        start();
        await("four reports", Duration.ofSeconds(10), () -> gateway.reports.size() >= 4);
        assertThat(gateway.reports.get(3).machine())
                .as("DI-05")
                .isNotNull()
                .satisfies(machine -> assertThat(machine.memoryUsedBytes()).isBetween(1L, machine.memoryBytes()));
        agent.close();

        gateway.heartbeatSeconds = 60;
        assertThat(edgeJoinAgain(Duration.ofHours(24))).isZero();
        gateway.reports.clear();
        start();
        await("first report", SOON, () -> !gateway.reports.isEmpty());
        Thread.sleep(5_000);
        assertThat(gateway.reports).hasSizeLessThan(4);
    }

    @Test
    void reportsWhyARevisionIsRefusedAndGoesOnWithTheLastGoodOne() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));

        dataPlane.refuseWith = "configuration-refused";
        gateway.publish(bundle(HISTORY, 2, Instant.now(), policy()));
        await("failure", SOON, () -> reported(1, SyncState.FAILED));
        assertThat(last().error().revision()).isEqualTo(2);
        assertThat(last().error().code()).isEqualTo("configuration-refused");

        dataPlane.refuseWith = "";
        gateway.publish(bundle(HISTORY, 3, Instant.now(), policy()));
        await("revision 3", SOON, () -> reported(3, SyncState.IN_SYNC));
        assertThat(last().error()).isNull();
    }

    @Test
    void doesNotGoBackEvenAfterARestart() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 5, Instant.now(), policy()));
        await("revision 5", SOON, () -> reported(5, SyncState.IN_SYNC));
        agent.close();

        gateway.publish(bundle(HISTORY, 4, Instant.now(), policy()));
        gateway.reports.clear();
        start();

        await("refusal", SOON, () -> reported(5, SyncState.FAILED));
        assertThat(last().error().code()).isEqualTo("bundle-rollback");
        assertThat(dataPlane.appliedRevisions).containsExactly(5L);
    }

    @Test
    void servesTheLastGoodRevisionWithoutManagement() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));
        agent.close();
        gateway.close();
        dataPlane.running = false;

        start();

        assertThat(dataPlane.running).isTrue();
        assertThat(status().appliedRevision()).isEqualTo(1);
        assertThat(status().syncState()).isEqualTo(SyncState.IN_SYNC);
    }

    @Test
    void fetchesCertificatesAndRefusesOneThatIsNotTheSignedOne() throws Exception {
        gateway.certificates.put("site", "PEM of the site");
        start();
        gateway.publish(withCertificate(1, "PEM of somebody else"));
        await("failure", SOON, () -> reported(0, SyncState.FAILED));
        assertThat(dataPlane.certificates).isEmpty();

        gateway.publish(withCertificate(2, "PEM of the site"));
        await("revision 2", SOON, () -> reported(2, SyncState.IN_SYNC));
        assertThat(dataPlane.certificates).containsExactly("PEM of the site");
    }

    @Test
    void showsALocalChangeThenHealsIt() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));

        dataPlane.changeByHand();

        await("drift in a report", SOON, () -> reported(1, SyncState.OUT_OF_SYNC));
        await("healed", SOON, () -> last().syncState() == SyncState.IN_SYNC);
        assertThat(dataPlane.appliedRevisions).containsExactly(1L, 1L);
    }

    @Test
    void goesBackByHandUntilANewerRevisionComes() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));
        gateway.publish(bundle(HISTORY, 2, Instant.now(), policy()));
        await("revision 2", SOON, () -> reported(2, SyncState.IN_SYNC));

        assertThat(edge("rollback")).isZero();
        await("rolled back", SOON, () -> reported(1, SyncState.MODIFIED));
        assertThat(edge("pull")).isZero();
        assertThat(dataPlane.applied().revision()).as("still held back").isEqualTo(1);
        assertThat(edge("apply")).isZero();
        assertThat(dataPlane.applied().revision()).isEqualTo(2);

        assertThat(edge("rollback")).isZero();
        gateway.publish(bundle(HISTORY, 3, Instant.now(), policy()));
        await("revision 3", SOON, () -> reported(3, SyncState.IN_SYNC));
    }

    @Test
    void drainsByHandAndByManagement() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));
        assertThat(get("/ready").statusCode()).isEqualTo(200);

        assertThat(edge("drain")).isZero();
        await("reported", SOON, () -> last().draining());
        assertThat(get("/ready").statusCode()).isEqualTo(503);
        assertThat(edge("drain", "--off")).isZero();
        assertThat(dataPlane.draining).isFalse();

        gateway.draining = true;
        await("management's wish", SOON, () -> dataPlane.draining);
        gateway.draining = false;
        await("management's other wish", SOON, () -> !dataPlane.draining);
    }

    @Test
    void renewsItsCertificateWithoutARestart() throws Exception {
        assertThat(edgeJoinAgain(Duration.ofSeconds(4))).isZero();
        gateway.certificateLife = Duration.ofHours(1);
        gateway.plan(planOfTwo());
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));

        await(
                "another certificate",
                SOON,
                () -> gateway.clientSerials.stream().distinct().count() > 1);

        var renewed = new IdentityStore(state).load().orElseThrow();
        await(
                "reports under the new one",
                SOON,
                () -> gateway.clientSerials
                        .getLast()
                        .equals(renewed.chain().getFirst().getSerialNumber()));
        Thread.sleep(4_500); // beyond the life of the first certificate
        int before = gateway.reports.size();
        await("reports go on", SOON, () -> gateway.reports.size() > before);

        var forPeers = renewed.stackCredential().certificateChain() + renewed.keyPem();
        await(
                "its peers see the new one",
                SOON,
                () -> dataPlane.links.getLast().certificate().equals(forPeers));
        await("it is installed", SOON, () -> dataPlane.appliedRevisions.size() > 1);
        assertThat(dataPlane.appliedRevisions).containsOnly(1L);
    }

    /** F8: cut off for longer than its certificate holds, it comes back by its key, with all that it has counted. */
    @Test
    void comesBackWithACertificateThatIsOver() throws Exception {
        assertThat(edgeJoinAgain(Duration.ofSeconds(1))).isZero();
        var over = new IdentityStore(state).load().orElseThrow();
        Thread.sleep(Duration.between(Instant.now(), over.endsAt()).plusMillis(100));
        gateway.certificateLife = Duration.ofHours(1);

        start();

        await("reports", SOON, () -> !gateway.reports.isEmpty());
        assertThat(gateway.lateRenewals)
                .singleElement()
                .satisfies(request -> assertThat(request.certificate()).isEqualTo(over.certificateChain()));
        var back = new IdentityStore(state).load().orElseThrow();
        assertThat(back.keyPem()).isEqualTo(over.keyPem());
        assertThat(back.endsAt()).isAfter(Instant.now());
    }

    /** Who was taken out while it was away must leave the addresses that it shares to the others. */
    @Test
    void hearsThatItWasTakenOutEvenIfItsCertificateIsOver() throws Exception {
        assertThat(edgeJoinAgain(Duration.ofSeconds(1))).isZero();
        var over = new IdentityStore(state).load().orElseThrow();
        Thread.sleep(Duration.between(Instant.now(), over.endsAt()).plusMillis(100));
        gateway.failWith = 401;
        gateway.failCode = "edge.shut-out";
        try (var client = new GatewayClient(over, Runnable::run)) {
            assertThatExceptionOfType(GatewayException.class)
                    .isThrownBy(
                            () -> client.renewLate(over, KeyRequest.again(over).csrPem()));

            assertThat(client.isShutOut()).isTrue();
        }
    }

    /** Else it would take the addresses back that it has left to its peers. */
    @Test
    void takesNoGoodAnswerToItsLastRegistersForAWelcome() throws Exception {
        var identity = new IdentityStore(state).load().orElseThrow();
        gateway.shutOut = true;
        try (var client = new GatewayClient(identity, Runnable::run)) {
            assertThatExceptionOfType(GatewayException.class).isThrownBy(() -> client.desired("", 0));
            assertThat(client.isShutOut()).isTrue();

            client.lastMeters(Shipper.nothing());
            assertThat(client.isShutOut()).as("its registers are taken").isTrue();
            client.renewLate(identity, KeyRequest.again(identity).csrPem());
            assertThat(client.isShutOut()).as("so that it can deliver them").isTrue();

            gateway.shutOut = false;
            client.desired("", 0);
            assertThat(client.isShutOut()).isFalse();
        }
    }

    private static InstancePlan planOfTwo() {
        var ha = new HaSettings(
                HaSettings.HaMode.ACTIVE_ACTIVE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        return new InstancePlan(
                1,
                1,
                ScriptedGateway.TENANT,
                ScriptedGateway.STACK,
                ScriptedGateway.INSTANCE,
                Instant.now(),
                ha,
                List.of(),
                List.of(),
                List.of(
                        new InstancePlan.Member(ScriptedGateway.INSTANCE, "edge-1", "127.0.0.1", 10_101, true),
                        new InstancePlan.Member(new UUID(1, 4), "edge-2", "127.0.0.2", 10_101, false)));
    }

    @Test
    void bringsTheMeterHomeOnAFlush() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));
        dataPlane.counters = List.of(counters(1_000, 50_000, 10));
        var flush = UUID.randomUUID();

        gateway.flush = flush;

        await("flush", SOON, () -> last().flushed() != null);
        assertThat(last().flushed().flushId()).isEqualTo(flush);
        var position = last().flushed().registers().getFirst();
        var record = gateway.meters().stream()
                .filter(meter -> meter.stream().equals(position.stream())
                        && meter.epoch() == position.epoch()
                        && meter.sequence() == position.sequence())
                .findFirst()
                .orElseThrow();
        assertThat(record.bytesIn()).isEqualTo(1_000);
        assertThat(record.bytesOut()).isEqualTo(50_000);
        assertThat(record.requests()).isEqualTo(10);
        assertThat(record.exact()).isTrue();
        assertThat(record.stream())
                .isEqualTo(MeterRecord.streamOf(ScriptedGateway.INSTANCE, "shop", MeterRecord.Source.PROXY));
        await("acknowledged", SOON, () -> last().spool().records() == 0 || gateway.reports.size() > 50);
    }

    @Test
    void letsTheKernelCountBeforeARevisionServes() throws Exception {
        var rules = new AtomicReference<List<ByteCounters.Endpoint>>(List.of());
        var before = new AtomicReference<List<ByteCounters.Endpoint>>(List.of());
        kernel = new ByteCounters() {
            @Override
            public Set<String> follow(List<Endpoint> endpoints) {
                rules.set(endpoints);
                return Set.of();
            }

            @Override
            public Map<String, Counts> read() {
                return Map.of();
            }

            @Override
            public void close() {}
        };
        dataPlane.beforeServing = () -> before.set(rules.get());
        start();

        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));

        assertThat(before.get()).containsExactly(new ByteCounters.Endpoint("shop", "127.0.0.9", 18_081));
    }

    @Test
    void keepsMeterRecordsUntilTheyAreAcknowledgedNotJustTaken() throws Exception {
        gateway.acknowledging = false;
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        dataPlane.counters = List.of(counters(1, 2, 3));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));
        gateway.flush = UUID.randomUUID();
        await("flush", SOON, () -> last().flushed() != null);
        agent.close();
        var taken = gateway.meters();
        gateway.batches.clear();

        start();
        await("sent again", SOON, () -> gateway.meters().containsAll(taken));
        gateway.acknowledging = true;
        await("forgotten", SOON, () -> status().spool().records() == 0);
    }

    /** What it had counted when it was taken out is billed; it must not take that for a welcome back. */
    @Test
    void deliversItsLastRegistersAfterItWasTakenOut() throws Exception {
        gateway.acknowledging = false;
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        dataPlane.counters = List.of(counters(1_000, 50_000, 10));
        await("revision 1", SOON, () -> reported(1, SyncState.IN_SYNC));
        gateway.telemetryStatus = 503;
        gateway.flush = UUID.randomUUID();
        await("a record that waits", SOON, () -> last().spool().records() > 0);
        gateway.shutOut = true;

        await("delivered", SOON, () -> gateway.meters().stream().anyMatch(record -> record.bytesIn() == 1_000));
        assertThat(status().spool().records()).as("taken is not acknowledged").isPositive();
        gateway.acknowledging = true;
        await("forgotten", SOON, () -> status().spool().records() == 0);
        assertThat(gateway.reports).as("heartbeats are refused").allMatch(report -> report.flushed() == null);
    }

    @Test
    void setsAPoisonousEventAsideAndSendsItsNeighbours() throws Exception {
        gateway.poison = "/poison";
        start();
        for (int i = 0; i < 250; i++) {
            agent.event(event(i, i == 123 ? "/poison" : "/"));
        }
        await("neighbours", SOON, () -> events().size() >= 200);
        agent.close();
        agent = null;
        start();
        await(
                "the rest",
                SOON,
                () -> events().stream().map(AccessEvent::id).distinct().count() == 249);
        assertThat(Files.readString(state.spool().resolve("dead-letters/others.jsonl")))
                .contains("/poison");
    }

    @Test
    void keepsEventsInOrderThroughAnOutage() throws Exception {
        start();
        await("first report", SOON, () -> !gateway.reports.isEmpty());
        gateway.failWith = 503;
        for (int i = 0; i < 300; i++) {
            agent.event(event(i, "/"));
        }
        await("spooled", SOON, () -> status().spool().records() >= 300);
        assertThat(events()).isEmpty();

        gateway.failWith = 0;
        await("all arrived", Duration.ofSeconds(40), () -> events().size() == 300);
        assertThat(events()).extracting(AccessEvent::clientPort).isSorted();
    }

    @Test
    void showsItsStatusRunningAndStopped() throws Exception {
        assertThat(status().syncState()).isEqualTo(SyncState.NEVER_APPLIED);
        start();
        gateway.publish(bundle(HISTORY, 7, Instant.now(), policy()));
        await("revision 7", SOON, () -> reported(7, SyncState.IN_SYNC));
        var running = status();
        assertThat(running.desiredRevision()).isEqualTo(7);
        assertThat(running.virtualServices().getFirst().state()).isEqualTo("UP");
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body())
                .contains("garrison_edge_applied_revision 7\n")
                .contains("garrison_edge_throughput_share_bits_per_second 0\n")
                .contains("garrison_edge_throughput_limited 0\n");

        agent.close();
        agent = null;
        var stopped = status();
        assertThat(stopped.appliedRevision()).isEqualTo(7);
        assertThat(stopped.virtualServices().getFirst().state()).isEqualTo("UNKNOWN");
        assertThat(edge("pull")).isEqualTo(1);
    }

    @Test
    void listensOnThePortOfItsSettingsUnlessItIsTaken() throws Exception {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();
            setting("management.port=" + port);
            start();
            assertThat(agent.managementPort()).isNotEqualTo(port);
            assertThat(get("/health").statusCode()).isEqualTo(200);
            agent.close();
        }
        start();
        assertThat(agent.managementPort()).isEqualTo(port);
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void letsWaitingEventsTakeNoMoreOfTheDiskThanItsSettingsSay() throws Exception {
        assertThat(droppedOfThousands()).isZero();
        agent.close();
        gateway.reports.clear();
        setting("spool.max-bytes=1048576");
        assertThat(droppedOfThousands()).isPositive();
        assertThat(status().spool().bytes()).isLessThanOrEqualTo(1 << 20);
    }

    /** PX-19: what is in force, not what the file has come to say since. */
    @Test
    void tellsTheSettingsThatItStartedWith() throws Exception {
        setting("management.port=0\nsync.stats-interval-secs=20");
        start();
        setting("management.port=0\nsync.stats-interval-secs=30");

        out.reset();
        assertThat(edge("settings", "--json")).isZero();
        var told = ProtocolJson.read(out.toByteArray(), SettingsInForce.class);
        assertThat(told.settings())
                .contains(new Setting(
                        "sync.stats-interval-secs", "20", state.settings().toString(), false))
                .contains(new Setting("sync.events-queue-size", "10000", "default", true));

        agent.close();
        agent = null;
        out.reset();
        assertThat(edge("settings", "--json")).isZero();
        assertThat(ProtocolJson.read(out.toByteArray(), SettingsInForce.class).settings())
                .as("without an agent, what the next one would start with")
                .contains(new Setting(
                        "sync.stats-interval-secs", "30", state.settings().toString(), false));
    }

    @Test
    void obeysOnlyWhoCanReadTheToken() throws Exception {
        start();
        var request = HttpRequest.newBuilder(uri("/control/drain")).POST(HttpRequest.BodyPublishers.noBody());
        assertThat(send(request).statusCode()).isEqualTo(401);
        assertThat(send(request.header("Authorization", "Bearer x")).statusCode())
                .isEqualTo(401);
        assertThat(get("/control/drain").statusCode()).isEqualTo(405);
        assertThat(dataPlane.draining).isFalse();
    }

    @Test
    void runsOncePerStateDirectory() throws Exception {
        try (var lock = state.tryLock().orElseThrow()) {
            assertThat(edge("run")).isEqualTo(1);
        }
        Files.writeString(state.settings(), "colour=red\n");
        assertThat(edge("run")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("colour is unknown");
    }

    private void start() throws Exception {
        agent = new Agent(
                state,
                EdgeConfig.read(state.settings()),
                new IdentityStore(state).load().orElseThrow(),
                dataPlane,
                kernel,
                "boot-1",
                Clock.systemUTC(),
                Optional.empty());
        agent.start();
    }

    /** What an agent says that it dropped of some megabytes of events, while management takes none of them. */
    private long droppedOfThousands() throws Exception {
        gateway.telemetryStatus = 503;
        start();
        await("first report", SOON, () -> !gateway.reports.isEmpty());
        long leftOver = last().spool().records() + last().spool().dropped();
        for (int i = 0; i < 8_000; i++) {
            agent.event(event(i, "/" + "x".repeat(200)));
        }
        await("spooled", SOON, () -> last().spool().records() + last().spool().dropped() >= leftOver + 8_000);
        return last().spool().dropped();
    }

    private void setting(String line) throws Exception {
        Files.writeString(state.settings(), line + "\n");
    }

    private int edgeJoinAgain(Duration life) throws Exception {
        gateway.token = "token-2";
        gateway.certificateLife = life;
        return edge(
                "join",
                "--url",
                gateway.url(),
                "--token",
                "token-2",
                "--ca-sha256",
                gateway.authority.rootSha256(),
                "--set",
                "management.port=0",
                "--force");
    }

    private int edge(String command, String... options) {
        var words = new ArrayList<>(List.of(command, "--state", state.root().toString()));
        words.addAll(List.of(options));
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        return new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> dataPlane).run(words);
    }

    private StatusDocument status() {
        out.reset();
        assertThat(edge("status", "--json")).isZero();
        return ProtocolJson.read(out.toByteArray(), StatusDocument.class);
    }

    private Report last() {
        return gateway.reports.getLast();
    }

    private boolean reported(long revision, SyncState sync) {
        return gateway.reports.stream()
                .anyMatch(report -> report.appliedRevision() == revision && report.syncState() == sync);
    }

    private List<AccessEvent> events() {
        return gateway.batches.stream()
                .flatMap(batch -> batch.events().stream())
                .toList();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + agent.managementPort() + path);
    }

    private java.net.http.HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private static java.net.http.HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    static Policy policy() {
        return new Policy(
                List.of(new VirtualService(
                        "shop", "127.0.0.1", 18_081, null, null, null, "web", null, null, null, null, null, null)),
                List.of(new Pool("web", null, List.of(new Pool.Member("127.0.0.1", 19_001, null, null)), null)));
    }

    private static PolicyBundle withCertificate(long revision, String pem) {
        var plain = bundle(HISTORY, revision, Instant.now(), policy());
        return new PolicyBundle(
                1,
                plain.tenantId(),
                plain.stackId(),
                HISTORY,
                revision,
                plain.issuedAt(),
                plain.policySha256(),
                true,
                List.of(new PolicyBundle.CertificateReference("site", ProtocolJson.sha256Hex(pem))),
                plain.policy());
    }

    private static WorkerCounters counters(long in, long out, long requests) {
        return new WorkerCounters(
                100, 1_000, false, false, "shop", true, in, out, requests, requests, 0, 0, requests, 0, 0, 0, 1.5, 1,
                1);
    }

    static AccessEvent event(int number, String path) {
        return new AccessEvent(
                new UUID(3, number),
                Instant.now(),
                "shop",
                "192.0.2.1",
                number,
                "GET",
                "shop.example",
                path,
                "probe",
                200,
                1,
                2,
                0.5,
                "web",
                "web/1",
                "----",
                "ALLOWED",
                null);
    }
}
