package io.garrison.edge.agent;

import static io.garrison.edge.testing.ScriptedGateway.INSTANCE;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static io.garrison.edge.testing.ScriptedGateway.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.license.LeaseDesk;
import io.garrison.edge.license.LicenseStatus;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.MovedClock;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.edge.testing.TestLeases;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.ReceiptSigning;
import io.garrison.protocol.Report;
import io.garrison.protocol.SeenTime;
import io.garrison.protocol.SyncState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases on the edge, with the HAProxy of this machine: what they decide, and that they never decide about traffic. */
class LeaseIT {

    private static final Path BINARY = Path.of("/usr/sbin/haproxy");
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final UUID HISTORY = new UUID(9, 1);

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final TestLeases leases = new TestLeases();
    private final MovedClock clock = new MovedClock();
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private HttpServer backend;
    private int port;
    private ScriptedGateway gateway;
    private StateDirectory state;
    private Agent agent;
    private HaproxyDataPlane plane;

    @BeforeEach
    void joinedWithALease() throws Exception {
        assumeTrue(Files.isExecutable(BINARY), "HAProxy is not installed at " + BINARY);
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            }
        });
        backend.start();
        port = freePort();
        gateway = new ScriptedGateway();
        gateway.leaseTrust = leases.trust();
        gateway.lease = leases.online(begin, begin.plusSeconds(300), begin.plus(Duration.ofDays(30)));
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
                        "management.port=0"))
                .isZero();
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            agent.close();
        }
        if (plane != null) {
            plane.stop();
        }
        if (gateway != null) {
            gateway.close();
            backend.stop(0);
        }
    }

    @Test
    void holdsTheLeaseThatCameWithItsIdentityAndTellsOfIt() throws Exception {
        assertThat(license().state()).isEqualTo(LicenseStatus.State.ACTIVE);
        assertThat(license().leaseUntil()).isEqualTo(begin.plusSeconds(300));

        start();
        await("told", SOON, () -> !gateway.reports.isEmpty());
        assertThat(last().license().state()).isEqualTo("ACTIVE");
        assertThat(last().license().leaseUntil()).isEqualTo(begin.plusSeconds(300));
        assertThat(metrics())
                .contains("garrison_edge_lease_active 1\n")
                .contains("garrison_edge_lease_until_timestamp_seconds "
                        + begin.plusSeconds(300).getEpochSecond());

        gateway.lease = leases.online(begin.plusSeconds(1), begin.plusSeconds(600), begin.plus(Duration.ofDays(31)));
        await(
                "renewed",
                SOON,
                () -> begin.plusSeconds(600).equals(last().license().leaseUntil()));
    }

    @Test
    void servesTrafficWithALeaseThatRanOutLongAgoThroughEveryRestart() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy(100)));
        await("revision 1", SOON, () -> last(1, SyncState.IN_SYNC));
        assertServes();
        gateway.close();

        clock.move(Duration.ofMinutes(6));
        await("ran out", SOON, () -> license().state() == LicenseStatus.State.GRACE);
        assertServes();
        clock.move(Duration.ofDays(29));
        await(
                "a month",
                SOON,
                () -> Duration.between(begin, license().effectiveTime()).toDays() >= 29);
        clock.move(Duration.ofDays(29));
        await("frozen", SOON, () -> license().state() == LicenseStatus.State.FROZEN);
        assertServes();

        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(temp.toString())
                        && process.info().command().orElse("").endsWith("haproxy"))
                .forEach(ProcessHandle::destroyForcibly);
        await("HAProxy was started again", SOON, this::serves);

        agent.close();
        plane.stop();
        assertThat(serves()).isFalse();
        start();
        assertThat(license().state()).isEqualTo(LicenseStatus.State.FROZEN);
        assertServes();
    }

    @Test
    void takesNewRevisionsThroughTheGraceAndNoneAfterUntilThereIsALease() throws Exception {
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy(100)));
        await("revision 1", SOON, () -> last(1, SyncState.IN_SYNC));

        clock.move(Duration.ofDays(29));
        await("grace", SOON, () -> "GRACE".equals(last().license().state()));
        gateway.publish(bundle(HISTORY, 2, Instant.now(), policy(200)));
        await("revision 2", SOON, () -> last(2, SyncState.IN_SYNC));

        clock.move(Duration.ofDays(2));
        await("frozen", SOON, () -> "FROZEN".equals(last().license().state()));
        gateway.publish(bundle(HISTORY, 3, Instant.now(), policy(300)));
        await("refused", SOON, () -> last(2, SyncState.FAILED));
        assertThat(last().error().code()).isEqualTo("license-no-lease");
        assertThat(last().error().revision()).isEqualTo(3);
        assertThat(metrics()).contains("garrison_edge_takes_revisions 0\n");
        assertServes();

        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        gateway.lease = leases.online(now, now.plusSeconds(300), now.plus(Duration.ofDays(30)));
        await("revision 3", SOON, () -> last(3, SyncState.IN_SYNC));
        assertServes();
    }

    @Test
    void missesALeaseWhoseFilesWereDeletedUntilManagementGivesAnother() throws Exception {
        try (var files = Files.list(state.license())) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        gateway.lease = null;
        start();
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy(100)));
        await("refused", SOON, () -> last(0, SyncState.FAILED));
        assertThat(last().license().state()).isEqualTo("MISSING");

        gateway.lease = leases.online(begin, begin.plusSeconds(300), begin.plus(Duration.ofDays(30)));
        await("revision 1", SOON, () -> last(1, SyncState.IN_SYNC));
    }

    @Test
    void takesAnOfflineLeaseFromAFileAndRefusesEveryOther() throws Exception {
        var days90 = begin.plus(Duration.ofDays(90));
        var good = leases.offline(begin.plusSeconds(2), days90);
        assertThat(imported("not a lease")).isEqualTo("lease.malformed");
        assertThat(imported("x".repeat(200_000))).isEqualTo("lease.too-large");
        var other = leases.lease(UUID.randomUUID(), begin, days90, days90, true);
        assertThat(imported(other)).isEqualTo("lease.other-instance");
        assertThat(imported(leases.offline(begin.minusSeconds(1), days90))).isEqualTo("lease.older");
        assertThat(imported(new TestLeases().offline(begin, days90))).isEqualTo("lease.unknown-key");
        int middle = good.lastIndexOf('.') - 20;
        assertThat(imported(good.substring(0, middle)
                        + (good.charAt(middle) == 'A' ? 'B' : 'A')
                        + good.substring(middle + 1)))
                .isEqualTo("lease.signature-invalid");
        assertThat(license().offline()).as("nothing was changed").isFalse();

        start();
        assertThat(imported(good)).isEqualTo("");
        assertThat(license().offline()).isTrue();
        assertThat(license().leaseUntil()).isEqualTo(days90);
        assertThat(imported(good)).as("twice").isEqualTo("");
        agent.close();
        plane.stop();
        agent = null;
        assertThat(license().leaseUntil()).as("after a restart").isEqualTo(days90);

        for (int month = 0; month < 3; month++) {
            clock.move(Duration.ofDays(29));
            assertThat(license().state()).isEqualTo(LicenseStatus.State.ACTIVE);
        }
        assertThat(imported(leases.offline(begin.plusSeconds(10), begin.plusSeconds(20))))
                .isEqualTo("lease.expired");
    }

    @Test
    void givesAnOfflineLeaseBackWithAReceiptAndNeverTakesItAgain() throws Exception {
        var receipt = temp.resolve("receipt.jose");
        assertThat(returned(receipt)).isEqualTo("lease.not-offline");
        var offline = leases.offline(begin.plusSeconds(1), begin.plus(Duration.ofDays(10)));
        assertThat(imported(offline)).isEqualTo("");
        var held = license().leaseId();
        gateway.lease = null;
        start();
        await("told", SOON, () -> !gateway.reports.isEmpty());

        assertThat(returned(receipt)).isEqualTo("");

        var signed = ReceiptSigning.read(Files.readString(receipt).strip());
        assertThat(signed.receipt().lease()).isEqualTo(held);
        assertThat(signed.receipt().instance()).isEqualTo(INSTANCE);
        signed.certificate().verify(gateway.authority.root().getPublicKey());
        await("told", SOON, () -> "RETURNED".equals(last().license().state()));
        assertThat(imported(offline)).isEqualTo("lease.older");
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy(100)));
        await("takes no revision", SOON, () -> last(0, SyncState.FAILED));

        var again = temp.resolve("again.jose");
        assertThat(returned(again)).isEqualTo("");
        assertThat(Files.readString(again)).isEqualTo(Files.readString(receipt));
        var next = begin.plusSeconds(5);
        gateway.lease = leases.online(next, next.plusSeconds(300), next.plus(Duration.ofDays(30)));
        await("revision 1", SOON, () -> last(1, SyncState.IN_SYNC));
    }

    @Test
    void winsNothingByItsClock() throws Exception {
        start();
        await("told", SOON, () -> !gateway.reports.isEmpty());
        clock.move(Duration.ofMinutes(10));
        await("ran out", SOON, () -> license().state() == LicenseStatus.State.GRACE);

        clock.move(Duration.ofDays(-30));
        agent.close();
        plane.stop();
        start();
        assertThat(license().state()).as("set back").isEqualTo(LicenseStatus.State.GRACE);
        assertThat(license().clock()).isEqualTo(SeenTime.State.BEHIND);
        assertThat(metrics()).contains("garrison_edge_clock_steady 0\n");

        clock.move(Duration.ofDays(90));
        await("far ahead", SOON, () -> license().clock() == SeenTime.State.AHEAD);
        agent.close();
        plane.stop();
        start();
        assertThat(license().state()).as("a jump burns nothing").isEqualTo(LicenseStatus.State.GRACE);
        clock.move(Duration.ofDays(-60));
        await("right again", SOON, () -> license().clock() == SeenTime.State.STEADY);
        assertThat(license().state()).isEqualTo(LicenseStatus.State.GRACE);
    }

    private void start() throws Exception {
        plane = HaproxyDataPlane.open(
                new HaproxySettings(state.dataPlane(), BINARY, 100, Duration.ofSeconds(20), true));
        agent = new Agent(
                state,
                EdgeConfig.read(state.settings()),
                new IdentityStore(state).load().orElseThrow(),
                plane,
                ByteCounters.NONE,
                "boot-1",
                clock,
                Optional.empty());
        agent.start();
    }

    private String imported(String text) throws Exception {
        var file = Files.writeString(temp.resolve("lease.jose"), text);
        return lease("--import", file.toString());
    }

    private String returned(Path receipt) {
        return lease("--return", "--out", receipt.toString());
    }

    /** @return the code of the refusal; empty if it went well */
    private String lease(String... options) {
        var words = new ArrayList<>(List.of(options));
        words.add("--json");
        out.reset();
        int status = edge("lease", words.toArray(String[]::new));
        var told = ProtocolJson.read(out.toByteArray(), LeaseDesk.Told.class);
        assertThat(status).as(told.message()).isEqualTo(told.ok() ? 0 : 1);
        return told.code() == null ? "" : told.code();
    }

    private int edge(String command, String... options) {
        var words = new ArrayList<>(List.of(command, "--state", state.root().toString()));
        words.addAll(List.of(options));
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        return new EdgeCommand(console, clock, (directory, config, events) -> (DataPlane) plane).run(words);
    }

    /** From the running agent, or from the disk. */
    private LicenseStatus license() {
        if (agent != null) {
            out.reset();
            assertThat(edge("status", "--json")).isZero();
            return ProtocolJson.read(out.toByteArray(), StatusDocument.class).license();
        }
        try {
            var identity = new IdentityStore(state).load().orElseThrow();
            try (var keeper = new io.garrison.edge.license.LeaseKeeper(state, () -> identity, clock)) {
                return keeper.status();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Report last() {
        return gateway.reports.getLast();
    }

    private boolean last(long revision, SyncState sync) {
        return !gateway.reports.isEmpty() && last().appliedRevision() == revision && last().syncState() == sync;
    }

    private void assertServes() {
        assertThat(serves()).as("traffic").isTrue();
    }

    private boolean serves() {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 204;
        } catch (java.io.IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String metrics() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.managementPort() + "/metrics"));
            return client.send(request.build(), BodyHandlers.ofString()).body();
        }
    }

    private Policy policy(int maxConnections) {
        return ProtocolJson.read(
                """
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":%d,"maxConnections":%d,"pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":%d}]}]}\
                """.formatted(port, maxConnections, backend.getAddress().getPort())
                        .getBytes(),
                Policy.class);
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
