package io.garrison.edge.cluster;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PX-20, DI-02, DI-T20: members on a network that falls apart and that gives them other addresses. */
class ClusterNetworkIT {

    private static final Duration SOON = Duration.ofSeconds(150);
    private static final int SILENCE_MS = 300;

    @TempDir
    Path directory;

    @Test
    void twoPartsHaveOneMainTogetherAndTellOfTheSplitWhenItIsOver() throws Exception {
        try (var network = new PeerNetwork(3);
                var world = PeerProcesses.on(network, directory, 3, SILENCE_MS)) {
            var former = world.awaitSettled(world.peers(), SOON);
            var others = world.others(peer -> peer == former);

            network.cutOff(former.number);
            await("the greater part has a main", SOON, () -> others.contains(world.main(others)));
            await("the lesser has none", SOON, () -> former.last().get(1).equals("null"));
            await("it says that it can't decide", SOON, () -> former.events().contains("cluster.quorum-lost"));
            await(
                    "each part misses the other",
                    SOON,
                    () -> world.peers().stream()
                            .noneMatch(peer -> peer == former
                                    ? others.stream().anyMatch(peer::isHealthy)
                                    : peer.isHealthy(former)));
            assertThat(former.last().get(4)).as("quorum").isEqualTo("false");
            assertThat(others).allSatisfy(peer -> {
                assertThat(peer.last().get(4)).isEqualTo("true");
                assertThat(peer.events()).doesNotContain("cluster.split");
            });

            network.connect(former.number);
            world.awaitSettled(world.peers(), SOON);
            await(
                    "it is told and counted",
                    SOON,
                    () -> world.peers().stream()
                            .allMatch(peer -> peer.last().get(3).equals("1")
                                    && peer.events().containsAll(List.of("cluster.split", "cluster.healed"))));
            assertThat(former.events()).contains("cluster.quorum-found");
        }
    }

    @Test
    void aMemberWhoseMachineHasAnotherAddressIsReachedThere() throws Exception {
        try (var network = new PeerNetwork(3);
                var world = PeerProcesses.on(network, directory, 3, SILENCE_MS)) {
            world.awaitSettled(world.peers(), SOON);
            var moved = world.peers().getFirst();
            var others = world.others(peer -> peer == moved);
            await(
                    "they know its address",
                    SOON,
                    () -> others.stream().allMatch(peer -> peer.knows(moved, PeerNetwork.address(1))));

            network.give(1, "10.98.61.101");
            await(
                    "they know the other one",
                    SOON,
                    () -> others.stream().allMatch(peer -> peer.knows(moved, "10.98.61.101")));
            world.awaitSettled(world.peers(), SOON);
        }
    }
}
