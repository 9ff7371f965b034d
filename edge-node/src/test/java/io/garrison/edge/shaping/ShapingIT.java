package io.garrison.edge.shaping;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static io.garrison.edge.testing.ScriptedGateway.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.EdgeProcess;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.protocol.ThroughputShare;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MS-06: what passes an instance is its share. A real agent, HAProxy and kernel; counted by the client's own device. */
@Tag("alone")
class ShapingIT {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final UUID HISTORY = new UUID(9, 1);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration ARM = Duration.ofSeconds(4);
    private static final Duration SETTLED = Duration.ofSeconds(2);
    /** The agent looks every second; then TCP has to find out that its packets arrive again. */
    private static final Duration NEXT_LOOK = Duration.ofSeconds(20);

    private static final long MEGABIT = 1_000_000;
    private static final Offset<Double> FIVE_PERCENT_OF_50 = within(2.5 * MEGABIT);

    @TempDir
    Path temp;

    private Namespaces world;
    private ScriptedGateway gateway;
    private StateDirectory state;
    private EdgeProcess agent;

    @BeforeEach
    void anInstanceThatServes() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        for (var program : List.of("tc", "ip", "nft", "haproxy")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/sbin", program)), program + " is not installed");
        }
        world = new Namespaces();
        var now = Instant.now();
        gateway = new ScriptedGateway(
                InetAddress.ofLiteral(Namespaces.MANAGEMENT), now.minusSeconds(60), now.plus(Duration.ofDays(1)));
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
        assertThat(world.peer(world.edge, "serve", "127.0.0.1", "19001")
                        .inputReader()
                        .readLine())
                .isEqualTo("READY");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (agent != null) {
            agent.close();
            HaproxyDataPlane.open(settings()).stop();
        }
        if (gateway != null) {
            gateway.close();
        }
        if (world != null) {
            world.close();
        }
    }

    @Test
    void passesItsShareToClientsFollowsEachChangeAndTakesTheLimitAwayWithoutLosingAConnection() throws Exception {
        serve(List.of());
        var before = qdiscs();
        share(1, 50 * MEGABIT);
        try (var load = new Load(world, "down", 4)) {
            assertThat(load.bpsAfter(SETTLED, ARM)).isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
            assertThat(last().peakOutBps()).isBetween(45 * MEGABIT, 55 * MEGABIT);
            assertThat(last().peakInBps()).isLessThan(5 * MEGABIT);

            gateway.share = new ThroughputShare(2, 20 * MEGABIT);
            assertThat(load.bpsAfter(SETTLED, ARM)).as("2 s later").isCloseTo(20.0 * MEGABIT, within(1.0 * MEGABIT));
            gateway.share = new ThroughputShare(3, 50 * MEGABIT);
            assertThat(load.bpsAfter(SETTLED, ARM)).isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);

            assertThat(last().enforcement())
                    .as("also after it has looked again")
                    .isEqualTo("TC");
            gateway.share = new ThroughputShare(4, null);
            assertThat(load.bpsAfter(SETTLED, Duration.ofSeconds(3))).isGreaterThan(200.0 * MEGABIT);
        }
        await(
                "told",
                SOON,
                () -> last().shareNumber() == 4 && last().enforcement().equals("NONE"));
        assertThat(qdiscs()).as("as if nothing had been").isEqualTo(before);
        assertThat(Namespaces.in(world.edge, "ip", "-o", "link", "show", "type", "ifb"))
                .isEmpty();
        assertThat(Namespaces.in(world.edge, "nft", "list", "tables")).doesNotContain("garrison_limit");
    }

    @Test
    void passesItsShareFromClients() throws Exception {
        serve(List.of());
        share(1, 50 * MEGABIT);
        try (var load = new Load(world, "up", 4)) {
            assertThat(load.bpsAfter(SETTLED, ARM)).isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
            gateway.share = new ThroughputShare(2, 20 * MEGABIT);
            assertThat(load.bpsAfter(SETTLED, ARM)).isCloseTo(20.0 * MEGABIT, within(1.0 * MEGABIT));
        }
    }

    @Test
    void holdsAllServicesTogetherWhateverTheirAddresses() throws Exception {
        serve(List.of());
        share(1, 50 * MEGABIT);
        try (var four = new Load(world, "down", 2);
                var six = new Load(world, "down", 2, Namespaces.SERVER_6)) {
            assertThat(four.bpsAfter(SETTLED, ARM)).as("of the device").isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
            assertThat(six.bpsAfter(Duration.ZERO, Duration.ofSeconds(1))).isPositive();
        }
        try (var six = new Load(world, "up", 4, Namespaces.SERVER_6)) {
            assertThat(six.bpsAfter(SETTLED, ARM)).isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
        }
    }

    @Test
    void holdsTheLastShareWithoutManagementAndWithoutAnAgent() throws Exception {
        serve(List.of());
        share(1, 50 * MEGABIT);
        try (var load = new Load(world, "down", 4)) {
            gateway.failWith = 503;
            agent.kill();
            assertThat(load.bpsAfter(SETTLED, Duration.ofSeconds(4)))
                    .as("the kernel goes on by itself")
                    .isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
            var ruleset = Namespaces.in(world.edge, "tc", "filter", "show", "dev", "ve0", "egress");
            // What somebody takes away is put back by the next agent.
            Namespaces.in(world.edge, "nft", "flush", "ruleset");
            agent = EdgeProcess.start(state, world.within());
            assertThat(load.bpsAfter(SETTLED, Duration.ofSeconds(4))).isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
            assertThat(Namespaces.in(world.edge, "tc", "filter", "show", "dev", "ve0", "egress"))
                    .isEqualTo(ruleset);
        }
        assertThat(Namespaces.in(world.edge, "nft", "list", "tables")).contains("garrison_limit");
    }

    @Test
    void repairsTheLimitWhenItsDevicesAreDeletedUnderTraffic() throws Exception {
        serve(List.of());
        share(1, 50 * MEGABIT);
        try (var down = new Load(world, "down", 4)) {
            deleteDevices();
            down.awaitBps(50.0 * MEGABIT, FIVE_PERCENT_OF_50, NEXT_LOOK);
            assertThat(down.bpsAfter(Duration.ZERO, ARM))
                    .as("to clients")
                    .isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
        }
        try (var up = new Load(world, "up", 4)) {
            assertThat(up.bpsAfter(SETTLED, ARM)).as("from clients").isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
            deleteDevices();
            up.awaitBps(50.0 * MEGABIT, FIVE_PERCENT_OF_50, NEXT_LOOK);
            assertThat(up.bpsAfter(Duration.ZERO, ARM))
                    .as("from clients")
                    .isCloseTo(50.0 * MEGABIT, FIVE_PERCENT_OF_50);
        }
        assertThat(last().enforcement()).isEqualTo("TC");
    }

    private void deleteDevices() throws Exception {
        var links = Namespaces.in(world.edge, "ip", "-o", "link", "show", "type", "ifb")
                .lines()
                .map(line -> line.split(": ")[1])
                .toList();
        assertThat(links).hasSize(2);
        for (var link : links) {
            Namespaces.in(world.edge, "ip", "link", "del", link);
        }
    }

    @Test
    void leavesAloneAnEmptyHookOfSomebodyElse() throws Exception {
        Namespaces.in(world.edge, "tc", "qdisc", "add", "dev", "ve0", "clsact");
        serve(List.of());
        gateway.share = new ThroughputShare(1, null);

        await("told", SOON, () -> last().shareNumber() == 1);

        assertThat(Namespaces.in(world.edge, "tc", "qdisc", "show", "dev", "ve0"))
                .contains("clsact");
    }

    @Test
    void leavesNothingOfAnInstanceWhoseMachineJoinsAnew() throws Exception {
        var before = qdiscs();
        serve(List.of());
        share(1, 50 * MEGABIT);
        agent.close();
        HaproxyDataPlane.open(settings()).stop();
        assertThat(qdiscs()).as("the limit stays when the agent ends").isNotEqualTo(before);

        gateway.token = "token-2";
        var words = new ArrayList<>(world.within());
        words.addAll(List.of(EdgeProcess.LAUNCHER.toString(), "edge", "join", "--force"));
        words.addAll(List.of("--state", state.root().toString(), "--url", gateway.url(), "--token", "token-2"));
        words.addAll(List.of("--ca-sha256", gateway.authority.rootSha256(), "--set", "management.port=0"));
        Namespaces.run(words.toArray(String[]::new));

        assertThat(qdiscs()).isEqualTo(before);
        assertThat(Namespaces.in(world.edge, "ip", "-o", "link", "show", "type", "ifb"))
                .isEmpty();
        assertThat(Namespaces.in(world.edge, "nft", "list", "tables")).doesNotContain("garrison_limit");
        assertThat(state.throughputShare()).doesNotExist();
    }

    @Test
    void leavesTheFiltersOfOthersAloneAndSaysSo() throws Exception {
        Namespaces.in(world.edge, "tc", "qdisc", "add", "dev", "ve0", "clsact");
        Namespaces.in(
                world.edge,
                "tc",
                "filter",
                "add",
                "dev",
                "ve0",
                "egress",
                "protocol",
                "ip",
                "pref",
                "7",
                "u32",
                "match",
                "ip",
                "dport",
                "9",
                "0xffff",
                "classid",
                "1:7");
        var foreign = Namespaces.in(world.edge, "tc", "filter", "show", "dev", "ve0", "egress");
        serve(List.of());
        gateway.share = new ThroughputShare(1, 50 * MEGABIT);

        await("told", SOON, () -> last().shareNumber() == 1);

        assertThat(last().enforcement()).isEqualTo("NONE");
        assertThat(last().reason()).contains("somebody else").contains("ve0");
        assertThat(Namespaces.in(world.edge, "tc", "filter", "show", "dev", "ve0", "egress"))
                .isEqualTo(foreign);
    }

    @Test
    void pretendsNothingWithoutTheRight() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
        serve(List.of("setpriv", "--inh-caps=-net_admin", "--bounding-set=-net_admin"));
        gateway.share = new ThroughputShare(1, 50 * MEGABIT);

        await("told", SOON, () -> last().shareNumber() == 1);

        assertThat(last().enforcement()).isEqualTo("NONE");
        assertThat(last().reason()).contains("not permitted");
    }

    private void serve(List<String> without) throws Exception {
        var words = new ArrayList<>(world.within());
        words.addAll(without);
        agent = EdgeProcess.start(state, words);
        gateway.publish(bundle(HISTORY, 1, Instant.now(), policy()));
        await(
                "revision 1",
                SOON,
                () -> gateway.reports.stream()
                        .anyMatch(report -> report.appliedRevision() == 1 && report.syncState() == SyncState.IN_SYNC));
    }

    private void share(long number, long bps) throws InterruptedException {
        gateway.share = new ThroughputShare(number, bps);
        await("share " + number, SOON, () -> last().shareNumber() == number);
        assertThat(last().reason()).isNull();
        assertThat(last().enforcement()).isEqualTo("TC");
        assertThat(last().shareBps()).isEqualTo(bps);
    }

    private Report.Throughput last() {
        var throughput = gateway.reports.getLast().throughput();
        assertThat(throughput).isNotNull();
        return throughput;
    }

    private HaproxySettings settings() {
        return new HaproxySettings(state.dataPlane(), HAPROXY, 100, Duration.ofSeconds(1), false);
    }

    private String qdiscs() throws Exception {
        return Namespaces.in(world.edge, "tc", "qdisc", "show");
    }

    private static Policy policy() {
        return ProtocolJson.read(
                """
                {"virtualServices":[{"name":"load","address":"%s","port":8080,"protocol":"TCP","pool":"web"},
                  {"name":"load-6","address":"%s","port":8080,"protocol":"TCP","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":19001}]}]}""".formatted(Namespaces.SERVER, Namespaces.SERVER_6).getBytes(StandardCharsets.UTF_8), Policy.class);
    }

    private int edge(String command, String... options) {
        var words = new ArrayList<>(List.of(command, "--state", state.root().toString()));
        words.addAll(List.of(options));
        var silent = new PrintStream(new ByteArrayOutputStream(), true);
        return new EdgeCommand(new Console(silent, silent), Clock.systemUTC(), (directory, config, events) -> {
                    throw new IOException("commands here open no data plane");
                })
                .run(words);
    }
}
