package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.aux.AuxPlane;
import io.garrison.edge.aux.BlockDesk;
import io.garrison.edge.aux.Blocks;
import io.garrison.edge.haproxy.TwoInstances.Await;
import io.garrison.edge.haproxy.TwoInstances.One;
import io.garrison.edge.testing.MovedClock;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks that an operator makes on one instance hold on all (HC-19), soon (DI-06), and for as long as was said. */
class BlockedClientsIT {

    @TempDir
    private Path directory;

    private TwoInstances two;
    private Agent a;
    private Agent b;

    /** The part of an agent that passes blocks on. */
    private final class Agent implements AutoCloseable {
        private final AuxPlane plane;
        private final BlockDesk desk;
        private final Thread thread;
        private volatile boolean ended;

        Agent(One one) throws IOException {
            var blocks = new Blocks(directory.resolve(one.id + ".json"), one.id, Clock.systemUTC());
            plane = new AuxPlane(one.shared(), blocks, Clock.systemUTC());
            desk = new BlockDesk(blocks, plane);
            thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            while (!ended) {
                plane.tick();
                try {
                    Thread.sleep(AuxPlane.LOOK_MS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        BlockDesk.Told block(String range, int minutes) throws IOException {
            return BlockedClientsIT.block(desk, range, minutes, "scans for logins");
        }

        BlockDesk.Told lift(String range) throws IOException {
            return desk.lift(ProtocolJson.write(new BlockDesk.Wish(range, null, null)));
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }

    @BeforeEach
    void startsBoth() throws Exception {
        two = new TwoInstances(directory, 1);
        two.serve("");
        a = new Agent(two.a);
        b = new Agent(two.b);
    }

    @AfterEach
    void stopsBoth() throws Exception {
        if (b != null) {
            a.close();
            b.close();
        }
        if (two != null) {
            two.close();
        }
    }

    @Test
    void refusesABlockedClientOnAllInstancesAndKeepsItAfterARestart() throws Exception {
        assertThat(a.block("127.0.0.7", 5).ok()).isTrue();
        assertThat(two.a.get("127.0.0.7")).as("at once where it was made").startsWith("403");
        long began = System.nanoTime();
        Await.until(Duration.ofSeconds(2), () -> two.b.get("127.0.0.7").startsWith("403"));
        System.out.println(
                "a block held on the other instance after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        assertThat(passesTcp("127.0.0.7")).isFalse();
        assertThat(passesTcp("127.0.0.8")).isTrue();
        assertThat(two.b.get("127.0.0.8")).startsWith("200");
        Await.until(() -> two.b.events.stream()
                        .filter(event -> event.verdict().equals("BLOCKED"))
                        .map(event -> event.virtualService())
                        .distinct()
                        .count()
                == 2);

        b.close();
        two.b.crash();
        Await.until(() -> two.b.plane.master() == null);
        two.b.plane.ensureRunning();
        assertThat(two.b.get("127.0.0.7")).as("before its agent runs").startsWith("403");

        b = new Agent(two.b);
        assertThat(b.desk.list().blocks()).singleElement().satisfies(block -> {
            assertThat(block.reason()).isEqualTo("scans for logins");
            assertThat(block.origin()).isEqualTo(two.a.id);
        });
        assertThat(b.lift("127.0.0.7").ok()).isTrue();
        assertThat(two.b.get("127.0.0.7")).startsWith("200");
        Await.until(() -> two.a.get("127.0.0.7").startsWith("200"));
        assertThat(b.lift("127.0.0.7").code()).isEqualTo("block-unknown");
    }

    @Test
    void blocksRangesAndEndsABlockInTimeWithoutTheAgent() throws Exception {
        a.close();
        b.close();
        long until = Instant.now().getEpochSecond() + 2;
        two.a.shared().block(Map.of("127.0.1.0/24", until, "2001:db8::/32", until));
        assertThat(two.a.get("127.0.1.200")).startsWith("403");
        assertThat(two.a.get("127.0.2.1")).startsWith("200");
        Await.until(Duration.ofSeconds(4), () -> two.a.get("127.0.1.200").startsWith("200"));
        assertThat(Instant.now().getEpochSecond()).isGreaterThanOrEqualTo(until);
    }

    /** HAProxy reads the longest prefix; no change to the blocks and no agent comes to help when the narrow one is over. */
    @Test
    void holdsAWideBlockForAClientWhoseOwnIsOver() throws Exception {
        var clock = new MovedClock();
        var blocks = new Blocks(directory.resolve("nested.json"), two.a.id, clock);
        var desk = new BlockDesk(blocks, new AuxPlane(two.a.shared(), blocks, clock));
        a.close();
        b.close();
        clock.move(Duration.ofSeconds(-58)); // so that a minute is over in two seconds
        assertThat(block(desk, "127.0.1.7", 1, "").ok()).isTrue();
        assertThat(block(desk, "127.0.1.0/24", 5, "").ok()).isTrue();
        assertThat(block(desk, "127.0.2.7", 1, "").ok()).isTrue();
        assertThat(two.a.get("127.0.1.7")).startsWith("403");

        Await.until(Duration.ofSeconds(5), () -> two.a.get("127.0.2.7").startsWith("200"));

        assertThat(two.a.get("127.0.1.7")).as("within the wide one").startsWith("403");
        two.a.apply(",\"maxConnections\":777");
        assertThat(two.a.get("127.0.1.7")).as("after a reload").startsWith("403");
    }

    @Test
    void passesTheLongestRangeOnWithTheLongestReason() throws Exception {
        var range = "2001:1db8:ffff:ffff:ffff:ffff:ffff:fffe/127";
        var reason = "語".repeat(36);
        assertThat(block(a.desk, range, 5, reason).ok()).isTrue();
        Await.until(() -> b.desk.list().total() == 1);
        assertThat(b.desk.list().blocks()).singleElement().satisfies(block -> {
            assertThat(block.range()).isEqualTo(range);
            assertThat(block.reason()).isEqualTo(reason);
        });
        assertThat(block(a.desk, range, 5, reason + "語").code()).isEqualTo("block-reason");
    }

    /** An agent whose file of blocks was damaged begins with none. */
    @Test
    void liftsForGoodWhatOnlyTheFileOfAnEarlierAgentBlocks() throws Exception {
        a.close();
        b.close();
        two.a.shared().block(Map.of("127.0.0.7", Instant.now().plusSeconds(600).getEpochSecond()));
        assertThat(two.a.get("127.0.0.7")).startsWith("403");

        new HaproxyTables(Layout.of(directory.resolve("a"))).block(Map.of());

        assertThat(two.a.get("127.0.0.7")).startsWith("200");
        two.a.apply(",\"maxConnections\":777");
        assertThat(two.a.get("127.0.0.7")).as("after a reload").startsWith("200");
    }

    /** HA-00d: a port that is open proves nothing; what arrived does. */
    @Test
    void saysWhenSharedStateArrivedAndThatItDoesNotAnyMore() throws Exception {
        Await.until(() -> a.plane.exchangedAt() != null && b.plane.exchangedAt() != null);
        Await.until(() -> a.plane.convergenceP95Ms() != null);
        var p95 = a.plane.convergenceP95Ms();
        System.out.println("convergence p95: " + p95 + " ms");
        assertThat(p95).isBetween(0.0, 2_000.0);
        assertThat(a.plane.faults()).isEmpty();
        // Its HAProxy answers still; only nobody writes signs of life any more.
        b.close();
        assertThat(two.connected(two.a)).isTrue();
        long began = System.nanoTime();
        Await.until(() -> !a.plane.faults().isEmpty());
        assertThat(System.nanoTime() - began).isBetween(2_000_000_000L, 6_000_000_000L);
        assertThat(a.plane.faults()).singleElement().extracting(Fault::code).isEqualTo("aux-stale");
        b = new Agent(two.b);
        Await.until(() -> a.plane.faults().isEmpty());
    }

    private static BlockDesk.Told block(BlockDesk desk, String range, int minutes, String reason) throws IOException {
        return desk.block(ProtocolJson.write(new BlockDesk.Wish(range, minutes, reason)));
    }

    private boolean passesTcp(String client) {
        try (var connection = two.b.connect(client, two.b.tcp)) {
            return connection.get("/").startsWith("200");
        } catch (IOException e) {
            return false;
        }
    }
}
