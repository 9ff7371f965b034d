package io.garrison.edge.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.meter.BootId;
import io.garrison.edge.meter.Counts;
import io.garrison.edge.meter.Meter;
import io.garrison.edge.meter.MeterFiles;
import io.garrison.edge.meter.Snapshot;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.telemetry.Spool;
import io.garrison.edge.testing.FakeDataPlane;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.edge.testing.TestAuthority;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HC-15, MS-09: an instance gets its identity by dialling out, and gives its key to nobody. */
class JoinTests {

    private static final String SHARED = "address.192.0.2.1=127.0.0.7";

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void storesAnIdentityThatOnlyTheOwnerCanRead() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            assertThat(join(gateway, "token-1", gateway.authority.rootSha256(), "--set", "management.port=0", "--json"))
                    .isZero();

            var identity = new IdentityStore(new StateDirectory(state())).load().orElseThrow();
            assertThat(identity.instanceId()).isEqualTo(ScriptedGateway.INSTANCE);
            assertThat(identity.trustedPolicyKeys()).containsKey("k1");
            assertThat(mode(state())).isEqualTo("rwx------");
            assertThat(mode(state().resolve("identity.json"))).isEqualTo("rw-------");
            assertThat(Files.readString(state().resolve("edge.properties"))).contains("management.port=0");
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("\"instanceId\":\"" + ScriptedGateway.INSTANCE)
                    .doesNotContain("PRIVATE");
            assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("token-1");
        }
    }

    @Test
    void refusesAnotherAuthorityAndKeepsTheToken() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            assertThat(join(gateway, "token-1", new TestAuthority().rootSha256()))
                    .isEqualTo(1);

            assertThat(said()).contains("ends in an authority with SHA-256 " + gateway.authority.rootSha256());
            assertThat(gateway.token).as("not spent").isEqualTo("token-1");
            assertNothingIsLeft();
            assertThat(join(gateway, "token-1", gateway.authority.rootSha256())).isZero();
        }
    }

    @Test
    void saysThatATokenIsSpent() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            assertThat(join(gateway, "old", gateway.authority.rootSha256())).isEqualTo(1);

            assertThat(said()).contains("spent, expired");
            assertNothingIsLeft();
        }
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        assertThat(run("--url", "https://127.0.0.1:" + closed, "--token", "t", "--ca-sha256", "0".repeat(64)))
                .isEqualTo(1);
        assertThat(said()).contains("cannot reach");
        assertNothingIsLeft();
    }

    @Test
    void blamesTheClockWhenTheCertificateIsNotValidNow() throws Exception {
        var start = Instant.now();
        try (var gateway = new ScriptedGateway(start.plus(Duration.ofHours(1)), start.plus(Duration.ofHours(2)))) {
            assertThat(join(gateway, "token-1", gateway.authority.rootSha256())).isEqualTo(1);

            assertThat(said()).contains("clock");
            assertThat(gateway.token).as("not spent").isEqualTo("token-1");
        }
    }

    @Test
    void checksTheNameOfTheServer() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            var url = gateway.url().replace("127.0.0.1", "127.0.0.2");
            // Linux answers on every loopback address, but the certificate names only one.
            try (var forward = new Forward(gateway.url())) {
                assertThat(run(
                                "--url",
                                "https://127.0.0.2:" + forward.port(),
                                "--token",
                                "token-1",
                                "--ca-sha256",
                                gateway.authority.rootSha256()))
                        .as(url)
                        .isEqualTo(1);
            }
            assertThat(said()).contains("not trusted");
            assertThat(gateway.token).as("not spent").isEqualTo("token-1");
        }
    }

    @Test
    void joinsASecondTimeOnlyWhenForced() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            var pin = gateway.authority.rootSha256();
            assertThat(join(gateway, "token-1", pin)).isZero();
            var first = Files.readString(state().resolve("identity.json"));

            gateway.token = "token-2";
            assertThat(join(gateway, "token-2", pin)).isEqualTo(1);
            assertThat(said()).contains("--force");
            assertThat(Files.readString(state().resolve("identity.json"))).isEqualTo(first);

            assertThat(join(gateway, "token-2", pin, "--force")).isZero();
            assertThat(Files.readString(state().resolve("identity.json"))).isNotEqualTo(first);
        }
    }

    @Test
    void joinsAnewWhateverTheFormerIdentityLooksLike() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            var pin = gateway.authority.rootSha256();
            assertThat(join(gateway, "token-1", pin)).isZero();
            Files.writeString(state().resolve("identity.json"), "{\"instanceId\":");
            Files.writeString(state().resolve("throughput.json"), "{\"number\":3,\"bps\":1000}");

            gateway.token = "token-2";
            assertThat(join(gateway, "token-2", pin, "--force")).isZero();

            assertThat(Files.readString(state().resolve("identity.json"))).contains("keyPem");
            assertThat(state().resolve("throughput.json"))
                    .as("the share of another instance")
                    .doesNotExist();
        }
    }

    @Test
    void tellsTheFormerManagementWhatItCountedAndLetsTheSameStackServeOn() throws Exception {
        try (var former = new ScriptedGateway();
                var next = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256(), "--set", "meter=proxy", "--set", SHARED))
                    .isZero();
            counted(100);
            Files.createDirectories(serving().getParent());
            Files.writeString(serving(), "");
            Files.createDirectories(steering().getParent());
            Files.writeString(steering(), "0\n");

            assertThat(join(next, "token-1", next.authority.rootSha256(), "--force", "--set", "meter=kernel"))
                    .isZero();

            assertThat(Files.readString(state().resolve("edge.properties")))
                    .as("what is not set anew stays")
                    .contains("meter=kernel", SHARED);

            assertThat(former.meters()).singleElement().satisfies(record -> {
                assertThat(record.kind()).isEqualTo(MeterRecord.Kind.FINAL);
                assertThat(record.bytesIn()).isEqualTo(100);
            });
            assertThat(serving()).as("the data plane").exists();
            assertThat(steering()).as("the part in the shared addresses").exists();
            assertThat(said()).doesNotContain("missing");
            assertThat(former.reports).as("asked for the acknowledgement").isNotEmpty();
            assertThat(counted(170))
                    .singleElement()
                    .satisfies(record -> assertThat(record.bytesIn()).isEqualTo(70));
            assertThat(next.meters()).as("nothing of the former instance's").isEmpty();
        }
    }

    @Test
    void saysWhatTheFormerManagementDoesNotHaveAndClearsAwayADataPlaneOfAnotherStack() throws Exception {
        try (var former = new ScriptedGateway();
                var next = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256())).isZero();
            counted(100);
            Files.createDirectories(serving().getParent());
            Files.writeString(serving(), "");
            Files.createDirectories(steering().getParent());
            Files.writeString(steering(), "0\n");
            var keepalived = keepalivedOfTheFormer();
            former.telemetryStatus = 403;
            next.stack = new UUID(7, 7);

            assertThat(join(next, "token-1", next.authority.rootSha256(), "--force"))
                    .isZero();

            assertThat(keepalived.isAlive()).as("the former peers' addresses").isFalse();
            try (var spool = new Spool(
                    state().resolve("undelivered-" + ScriptedGateway.INSTANCE + "/spool"),
                    1 << 20,
                    Clock.systemUTC())) {
                assertThat(spool.meterRecords()).isEqualTo(1);
            }
            assertThat(steering().getParent()).doesNotExist();

            assertThat(said()).contains("missing at the former management").contains("403");
            assertThat(serving()).doesNotExist();
            assertThat(new StateDirectory(state()).meter()).doesNotExist();
        }
    }

    @Test
    void deliversToAFormerManagementThatHasTakenItOutOfItsStack() throws Exception {
        try (var former = new ScriptedGateway();
                var next = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256())).isZero();
            counted(100);
            former.shutOut = true;

            assertThat(join(next, "token-1", next.authority.rootSha256(), "--force"))
                    .isZero();

            assertThat(former.meters())
                    .singleElement()
                    .satisfies(record -> assertThat(record.bytesIn()).isEqualTo(100));
            assertThat(state().resolve("undelivered-" + ScriptedGateway.INSTANCE))
                    .doesNotExist();
        }
    }

    @Test
    void keepsUsageThatTheFormerManagementTookAndNeverAcknowledged() throws Exception {
        try (var former = new ScriptedGateway();
                var next = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256())).isZero();
            counted(100);
            former.acknowledging = false;

            assertThat(join(next, "token-1", next.authority.rootSha256(), "--force"))
                    .isZero();

            assertThat(former.meters()).as("taken").hasSize(1);
            var kept = state().resolve("undelivered-" + ScriptedGateway.INSTANCE);
            assertThat(said()).contains("not acknowledged").contains(kept.toString());
            try (var spool = new Spool(kept.resolve("spool"), 1 << 20, Clock.systemUTC())) {
                assertThat(spool.meterRecords()).isEqualTo(1);
            }
            assertThat(new StateDirectory(state()).spool()).doesNotExist();
        }
    }

    @Test
    void keepsUsageThatTheFormerManagementRefused() throws Exception {
        try (var former = new ScriptedGateway();
                var next = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256())).isZero();
            counted(100);
            former.poison = "shop";

            assertThat(join(next, "token-1", next.authority.rootSha256(), "--force"))
                    .isZero();

            var kept = state().resolve("undelivered-" + ScriptedGateway.INSTANCE);
            assertThat(said()).contains("refused").contains(kept.toString());
            assertThat(kept.resolve("spool/dead-letters/meters.jsonl"))
                    .content()
                    .contains("\"shop\"");
        }
    }

    @Test
    void keepsUsageOfAnIdentityThatCannotBeRead() throws Exception {
        try (var gateway = new ScriptedGateway()) {
            var pin = gateway.authority.rootSha256();
            assertThat(join(gateway, "token-1", pin)).isZero();
            counted(100);
            Files.writeString(state().resolve("identity.json"), "{");
            gateway.token = "token-2";

            assertThat(join(gateway, "token-2", pin, "--force")).isZero();

            assertThat(state().resolve("undelivered-unknown/meter")).isNotEmptyDirectory();
            assertThat(said()).contains("undelivered-unknown");
        }
    }

    @Test
    void endsKeepalivedOfAnotherStackAndLeavesThatOfTheSame() throws Exception {
        try (var former = new ScriptedGateway();
                var same = new ScriptedGateway();
                var other = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256())).isZero();
            var keepalived = looksLikeKeepalived();
            try {
                counted(100);
                assertThat(join(same, "token-1", same.authority.rootSha256(), "--force"))
                        .isZero();
                assertThat(keepalived.isAlive()).isTrue();
                other.stack = new UUID(7, 7);
                assertThat(join(other, "token-1", other.authority.rootSha256(), "--force"))
                        .isZero();
                assertThat(keepalived.isAlive()).isFalse();
            } finally {
                keepalived.destroyForcibly();
            }
        }
    }

    /** Its peers did not listen to it any more, and do not know yet that it is back. */
    @Test
    void endsKeepalivedOfAnInstanceThatWasTakenOutOfTheSameStack() throws Exception {
        try (var former = new ScriptedGateway();
                var same = new ScriptedGateway()) {
            assertThat(join(former, "token-1", former.authority.rootSha256())).isZero();
            var keepalived = looksLikeKeepalived();
            try {
                counted(100);
                var mark = Files.createFile(steering().resolveSibling("shut-out"));
                assertThat(join(same, "token-1", same.authority.rootSha256(), "--force"))
                        .isZero();
                assertThat(keepalived.isAlive()).isFalse();
                assertThat(steering().resolveSibling("keepalived.conf")).doesNotExist();
                assertThat(mark).doesNotExist();
            } finally {
                keepalived.destroyForcibly();
            }
        }
    }

    /** By its name and its file, which is all that it is known by; the real one needs root. */
    private Process looksLikeKeepalived() throws Exception {
        var directory = Files.createDirectories(new StateDirectory(state()).sharedAddresses());
        var config = Files.writeString(directory.resolve("keepalived.conf"), "");
        var process = new ProcessBuilder("/bin/bash", "-c", "exec -a keepalived tail -f " + config)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Files.writeString(directory.resolve("keepalived.pid"), Long.toString(process.pid()));
        ScriptedGateway.await(
                "it runs",
                Duration.ofSeconds(5),
                () -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("keepalived.conf") && !line.contains(" -c "))
                        .isPresent());
        return process;
    }

    /** As an agent would: reads a worker that has received so much; @return what that wrote. */
    private List<MeterRecord> counted(long bytesIn) throws IOException {
        var worker = new Snapshot.Worker("1/1", false, false, false, 0, Map.of("shop", new Counts(bytesIn, 0, 1, 1)));
        var written = new ArrayList<MeterRecord>();
        try (var files = new MeterFiles(new StateDirectory(state()).meter(), written::addAll)) {
            var meter = new Meter(
                    ScriptedGateway.INSTANCE, files, () -> 1, BootId.read(), Instant.now(), System.nanoTime());
            var now = new Snapshot(
                    Instant.now(), System.nanoTime(), Map.of("shop", Source.PROXY), List.of(worker), Map.of());
            meter.read(now);
            if (bytesIn > 100) {
                meter.end(true);
            }
        }
        return written;
    }

    /** A process that its pid file and its arguments take for keepalived. */
    private Process keepalivedOfTheFormer() throws IOException {
        var directory = steering().getParent();
        var wait = Files.writeString(directory.resolve("keepalived"), "read x");
        var process = new ProcessBuilder(
                        "/bin/bash",
                        wait.toString(),
                        "-f",
                        directory.resolve("keepalived.conf").toString(),
                        "-")
                .start();
        Files.writeString(directory.resolve("keepalived.pid"), process.pid() + "\n");
        return process;
    }

    private Path steering() {
        return new StateDirectory(state()).sharedAddresses().resolve("steer");
    }

    private Path serving() {
        return new StateDirectory(state()).dataPlane().resolve("haproxy.cfg");
    }

    @Test
    void tellsWrongUsageFromFailure() throws Exception {
        assertThat(run("--url", "http://x", "--token", "t", "--ca-sha256", "0".repeat(64)))
                .isEqualTo(2);
        assertThat(run("--url", "https://x:1", "--token", "t", "--ca-sha256", "zz"))
                .isEqualTo(2);
        assertThat(run("--url", "https://x:1", "--token", "t")).isEqualTo(2);
        assertThat(run("--url", "https://x:1", "--token", "t", "--ca-sha256", "0".repeat(64), "--set", "colour=red"))
                .isEqualTo(2);
        assertThat(said()).contains("colour is unknown");
    }

    private int join(ScriptedGateway gateway, String token, String pin, String... more) {
        var words = new ArrayList<>(List.of("--url", gateway.url(), "--token", token, "--ca-sha256", pin));
        words.addAll(List.of(more));
        return run(words.toArray(String[]::new));
    }

    private int run(String... options) {
        var words = new ArrayList<>(List.of("join", "--state", state().toString()));
        words.addAll(List.of(options));
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        return new EdgeCommand(console, Clock.systemUTC(), (state, config, events) -> new FakeDataPlane()).run(words);
    }

    private Path state() {
        return temp.resolve("edge");
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void assertNothingIsLeft() throws IOException {
        if (Files.exists(state())) {
            try (var files = Files.list(state())) {
                assertThat(files.map(file -> file.getFileName().toString())).containsOnly("lock");
            }
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
