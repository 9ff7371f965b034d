package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-T03: where a member of the plan is asked for. */
class PeerProbesTests {

    @TempDir
    Path directory;

    @Test
    void asksPeersAtThePortThatTheSettingsName() throws Exception {
        int planned = JoinedEdge.freePort();
        try (var peer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var found = look(peer.getLocalPort(), planned, planned);
            assertThat(found.isBad()).as(found.found()).isFalse();
            assertThat(found.found()).endsWith("127.0.0.1:" + peer.getLocalPort());
        }
    }

    @Test
    void asksEachAtItsPortOfThePlan() throws Exception {
        int own = JoinedEdge.freePort();
        try (var peer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(look(own, own, peer.getLocalPort()).isBad()).isFalse();
            assertThat(look(0, own, peer.getLocalPort()).isBad()).isFalse();
            assertThat(look(0, own, JoinedEdge.freePort()).isBad()).isTrue();
        }
    }

    @Test
    void takesItselfForNoPeerThatSharesItsAddress() throws Exception {
        try (var own = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = own.getLocalPort();
            assertThat(look(port, "127.0.0.1", port, JoinedEdge.freePort()).isBad())
                    .isTrue();
        }
    }

    private Finding look(int said, int own, int other) {
        return look(said, "127.0.0.2", own, other);
    }

    private Finding look(int said, String address, int own, int other) {
        var settings = ClusterSettings.of(
                said == 0
                        ? Map.of("cluster.enabled", "true")
                        : Map.of("cluster.enabled", "true", "gossip.port", Integer.toString(said)));
        var running = new Running(1, null, List.of(), List.of(), null);
        var subject = new Subject(new StateDirectory(directory), Optional.empty(), Clock.systemUTC(), running);
        return new PeerProbes(subject, settings, plan(address, own, other))
                .look().stream()
                        .filter(finding -> finding.id().equals("DI-T03"))
                        .findFirst()
                        .orElseThrow();
    }

    private static InstancePlan plan(String address, int own, int other) {
        return new InstancePlan(
                1,
                1,
                TestStack.TENANT,
                TestStack.STACK,
                TestStack.instance(1),
                Instant.now(),
                HaSettings.DEFAULT,
                List.of(),
                List.of(),
                List.of(TestStack.member(1, address, own), TestStack.member(2, "127.0.0.1", other)));
    }
}
