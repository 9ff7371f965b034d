package io.garrison.edge.cluster;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PX-20, DI-02, DI-T20: members that hang and die, each a process of its own. */
class ClusterFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    /** Twice the default, as this machine does other things meanwhile. */
    private static final int SILENCE_MS = 300;

    @TempDir
    Path directory;

    @Test
    void aMainThatHangsIsReplacedAndTheOthersStayTogether() throws Exception {
        try (var world = new PeerProcesses(directory, 3, SILENCE_MS, PeerProcesses.SMALL)) {
            var first = world.awaitSettled(world.peers(), SOON);
            var others = world.others(peer -> peer == first);

            first.signal("STOP");
            await("another main", SOON, () -> world.main(others) != null);
            await("the hung one is missed", SOON, () -> others.stream().noneMatch(peer -> peer.isHealthy(first)));
            // Longer than a peer that hangs has ever taken the others apart.
            Thread.sleep(5_000);
            for (var peer : others) {
                assertThat(peer.lines())
                        .noneMatch(line -> others.stream().anyMatch(other -> line.contains(other.number + "=suspect")));
            }

            first.signal("CONT");
            var now = world.awaitSettled(world.peers(), SOON);
            assertThat(now).as("who came back follows").isNotEqualTo(first);
            assertThat(first.lines().stream()
                            .filter(line -> line.contains(" MAIN "))
                            .count())
                    .as("it led before, and not again")
                    .isEqualTo(first.lines().stream()
                            .filter(line -> line.contains(first.id() + " MAIN "))
                            .count());

            now.signal("KILL");
            var rest = world.others(peer -> peer == now);
            await("a third main", SOON, () -> world.main(rest) != null);
        }
    }
}
