package io.garrison.edge.meter;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static io.garrison.edge.testing.ScriptedGateway.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.shaping.Namespaces;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.EdgeProcess;
import io.garrison.edge.testing.NetworkPeer;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HC-21, ADR 4: the setting {@code meter} says who counts the bytes, and every byte is counted once. A real agent, HAProxy
 * and kernel.
 */
class MeterSourceIT {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long ANSWER = 3_000_000;
    /** Headers of IP and TCP, which the kernel counts and HAProxy does not. */
    private static final double WITH_HEADERS = 1.1;

    @TempDir
    Path temp;

    private Namespaces world;
    private ScriptedGateway gateway;
    private ScriptedGateway next;
    private StateDirectory state;
    private EdgeProcess agent;

    @BeforeEach
    void anInstanceThatHasJoined() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        for (var program : List.of("ip", "nft", "haproxy")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/sbin", program)), program + " is not installed");
        }
        world = new Namespaces();
        gateway = gateway();
        next = gateway();
        next.instance = new UUID(1, 9);
        state = new StateDirectory(temp.resolve("edge"));
        join(gateway);
        var server = new ProcessBuilder(peer(world.edge, "serve", "127.0.0.1", "19001")).start();
        backend = server;
        assertThat(server.inputReader().readLine()).isEqualTo("READY");
    }

    private Process backend;

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (agent != null) {
            agent.close();
            HaproxyDataPlane.open(new HaproxySettings(state.dataPlane(), HAPROXY, 100, Duration.ofSeconds(1), false))
                    .stop();
        }
        if (backend != null) {
            backend.destroyForcibly().waitFor();
        }
        for (var management : new ScriptedGateway[] {gateway, next}) {
            if (management != null) {
                management.close();
            }
        }
        if (world != null) {
            world.close();
        }
    }

    @Test
    void saysWhoCountsAndNeverChangesTheSum() throws Exception {
        run("kernel");
        gateway.publish(bundle(new UUID(9, 1), 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> serves(gateway, 1));
        ask();
        flush(gateway);
        assertBetween(total(gateway, Source.KERNEL), 1);
        assertThat(total(gateway, Source.PROXY)).isZero();

        agent.close();
        ask();
        run("proxy");
        ask();
        flush(gateway);
        assertThat(total(gateway, Source.PROXY)).isEqualTo(2 * ANSWER);
        assertBetween(total(gateway, Source.KERNEL), 1);

        agent.close();
        ask();
        run("auto");
        flush(gateway);
        ask();
        flush(gateway);
        assertThat(total(gateway, Source.PROXY))
                .as("until the kernel is read again")
                .isEqualTo(3 * ANSWER);
        assertBetween(total(gateway, Source.KERNEL), 2);
    }

    @Test
    void billsEachByteAtOneOfTwoPlacesWhenTheMachineMoves() throws Exception {
        run("kernel");
        gateway.publish(bundle(new UUID(9, 1), 1, Instant.now(), policy()));
        await("revision 1", SOON, () -> serves(gateway, 1));
        ask();
        agent.close();
        ask();
        next.publish(bundle(new UUID(9, 1), 2, Instant.now(), policy()));

        join(next, "--force");
        ask();
        run("kernel");
        await("revision 2", SOON, () -> serves(next, 2));
        ask();
        flush(next);

        assertBetween(total(gateway, Source.KERNEL), 2);
        assertBetween(total(next, Source.KERNEL), 2);
        assertThat(gateway.meters()).extracting(MeterRecord::exact).containsOnly(true);
        assertThat(next.meters()).extracting(MeterRecord::exact).containsOnly(true);
        assertThat(Namespaces.in(world.edge, "nft", "list", "tables"))
                .as("of the former instance")
                .doesNotContain(NftCounters.table(gateway.instance));
    }

    private static void assertBetween(long bytes, int answers) {
        assertThat(bytes).isBetween(answers * ANSWER, Math.round(answers * ANSWER * WITH_HEADERS));
    }

    private static ScriptedGateway gateway() throws Exception {
        var now = Instant.now();
        return new ScriptedGateway(
                InetAddress.ofLiteral(Namespaces.MANAGEMENT), now.minusSeconds(60), now.plus(Duration.ofDays(1)));
    }

    private void join(ScriptedGateway management, String... more) throws Exception {
        var words = new ArrayList<>(world.within());
        words.addAll(List.of(
                EdgeProcess.LAUNCHER.toString(),
                "edge",
                "join",
                "--state",
                state.root().toString()));
        words.addAll(List.of("--url", management.url(), "--token", "token-1"));
        words.addAll(List.of("--ca-sha256", management.authority.rootSha256(), "--set", "management.port=0"));
        words.addAll(List.of(more));
        Namespaces.run(words.toArray(String[]::new));
    }

    private void run(String meter) throws Exception {
        Files.writeString(state.settings(), "management.port=0\nmeter=" + meter + "\n");
        agent = EdgeProcess.start(state, world.within());
    }

    private static boolean serves(ScriptedGateway management, long revision) {
        return management.reports.stream().anyMatch(report -> report.appliedRevision() == revision);
    }

    private void ask() throws Exception {
        assertThat(Namespaces.run(peer(world.clients, "ask", Namespaces.SERVER, "8080")))
                .isEqualTo(Long.toString(ANSWER));
    }

    private static void flush(ScriptedGateway management) throws InterruptedException {
        var id = UUID.randomUUID();
        management.flush = id;
        await(
                "flush",
                SOON,
                () -> management.reports.stream()
                        .anyMatch(report -> report.flushed() != null
                                && report.flushed().flushId().equals(id)));
    }

    private static long total(ScriptedGateway management, Source source) {
        record Epoch(UUID stream, long number) {}
        var last = new HashMap<Epoch, MeterRecord>();
        for (var record : management.meters()) {
            if (record.source() == source) {
                last.merge(
                        new Epoch(record.stream(), record.epoch()),
                        record,
                        (a, b) -> a.sequence() > b.sequence() ? a : b);
            }
        }
        return last.values().stream().mapToLong(MeterRecord::bytesOut).sum();
    }

    private static String[] peer(String namespace, String... words) {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "-cp"));
        command.add(Path.of("target/test-classes").toAbsolutePath().toString());
        command.add(NetworkPeer.class.getName());
        command.addAll(List.of(words));
        return command.toArray(String[]::new);
    }

    private static Policy policy() {
        return ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"%s","port":8080,"protocol":"TCP","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":19001}]}]}""".formatted(Namespaces.SERVER).getBytes(StandardCharsets.UTF_8), Policy.class);
    }
}
