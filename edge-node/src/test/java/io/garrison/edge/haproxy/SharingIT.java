package io.garrison.edge.haproxy;

import static io.garrison.edge.testing.JoinedEdge.SOON;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.haproxy.SharedTables.Beat;
import io.garrison.edge.haproxy.SharedTables.SharedBlock;
import io.garrison.edge.health.Control;
import io.garrison.edge.join.KeyRequest;
import io.garrison.edge.testing.CountingClient;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that learns of its stack from the plan, and another instance's HAProxy as its peer. */
class SharingIT {

    private static final UUID PEER = new UUID(1, 4);

    /** An agent that could not listen at first tries again after 30 s. */
    private static final Duration SECOND_TRY = Duration.ofSeconds(75);

    @TempDir
    private Path directory;

    @Test
    void sharesTablesWithTheMembersOfThePlanAndSaysWhyIfItCannot() throws Exception {
        try (var edge = new JoinedEdge(directory, 1, "management.port=0", "meter=proxy")) {
            int own = JoinedEdge.freePortForTables();
            int other = JoinedEdge.freePortForTables();
            var peer = peer(edge, own, other);
            try {
                edge.start();
                edge.serve(1, edge.policy(""));
                edge.gateway.plan(plan(own, other));
                await("a connection", SECOND_TRY, () -> connected(edge) == 1);
                assertThat(peer.tables().connected()).containsExactly(ScriptedGateway.INSTANCE);

                block(edge, peer);
                assertThat(metrics(edge)).contains("garrison_edge_aux_connected 1\n", "garrison_edge_blocks 1\n");
                fillUp(peer);
                await("all that fits", SOON, () -> edge.status().aux().blocks() == 10_000);
                await("the last of them", SOON, () -> refused(edge, "127.9.39.14"));

                edge.gateway.plan(withoutAnAddress(other));
                await("aux-unavailable", SOON, () -> reported(edge, "aux-unavailable"));
                assertThat(edge.status().aux().members()).isZero();
                assertThat(edge.status().aux().problems())
                        .singleElement()
                        .asString()
                        .contains("address");
                assertThat(get(edge, "127.0.0.7"))
                        .as("what was blocked stays blocked")
                        .startsWith("403");
            } finally {
                ProcessHandle.of(peer.master().pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static void block(JoinedEdge edge, HaproxyDataPlane peer) throws Exception {
        assertThat(edge.edge("block", "--minutes", "5"))
                .as("without an address")
                .isEqualTo(2);
        assertThat(edge.first("block", "127.0.0.0/4", "--minutes", "5")).isEqualTo(1);
        assertThat(edge.first("block", "127.0.0.7", "--minutes", "5", "--reason", "scans"))
                .isZero();
        assertThat(get(edge, "127.0.0.7")).startsWith("403");
        await("the block at the peer", SOON, () -> published(peer) == 1);
        assertThat(edge.status().aux().blocks()).isEqualTo(1);
        assertThat(edge.edge("blocks", "--json")).isZero();
    }

    /** As many as there may be, made known by the peer. */
    private static void fillUp(HaproxyDataPlane peer) throws IOException {
        long now = Instant.now().getEpochSecond();
        var many = new ArrayList<SharedBlock>();
        for (int i = 0; i < 9_999; i++) {
            many.add(new SharedBlock("127.9." + i / 256 + "." + i % 256 + "~d2h5", now + 600, now, false));
        }
        peer.tables().publish(many);
        peer.tables().beat(new Beat(1, 5));
    }

    private static int connected(JoinedEdge edge) {
        var aux = edge.status().aux();
        return aux == null ? -1 : aux.connected();
    }

    private static int published(HaproxyDataPlane peer) {
        try {
            return peer.tables().published(ScriptedGateway.INSTANCE).size();
        } catch (IOException e) {
            return -1;
        }
    }

    private static boolean reported(JoinedEdge edge, String fault) {
        var availability = edge.gateway.reports.getLast().availability();
        return availability != null
                && availability.faults().stream().map(Fault::code).anyMatch(fault::equals);
    }

    private static String get(JoinedEdge edge, String client) throws IOException {
        var from = InetAddress.getByName(client);
        try (var connection =
                new CountingClient(new Socket(InetAddress.getByName("127.0.0.1"), edge.httpPort, from, 0))) {
            return connection.get("/");
        }
    }

    private static boolean refused(JoinedEdge edge, String client) {
        try {
            return get(edge, client).startsWith("403");
        } catch (IOException e) {
            return false;
        }
    }

    private static String metrics(JoinedEdge edge) throws IOException {
        var control = ProtocolJson.read(Files.readAllBytes(edge.state.control()), Control.class);
        try (var in = URI.create("http://127.0.0.1:" + control.port() + "/metrics")
                .toURL()
                .openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HaproxyDataPlane peer(JoinedEdge edge, int own, int other) throws Exception {
        var plane = HaproxyDataPlane.open(new HaproxySettings(
                directory.resolve("peer"), Path.of("/usr/sbin/haproxy"), 100, Duration.ofSeconds(1), false));
        var key = KeyRequest.create();
        var credential = edge.gateway.stackAuthority.member(key.csrPem(), PEER, Duration.ofHours(1));
        var unused = plane.share(new StackLink(
                PEER,
                List.of(
                        new StackLink.Member(ScriptedGateway.INSTANCE, "127.0.0.1", own + 1),
                        new StackLink.Member(PEER, "127.0.0.1", other + 1)),
                credential.certificateChain() + key.keyPem(),
                credential.trustAnchors()));
        var bundle = new PolicyBundle(1, PEER, PEER, PEER, 1, Instant.now(), "", true, List.of(), Policy.EMPTY);
        assertThat(plane.apply(bundle, Map.of(), ListenAddresses.AS_IN_POLICY)).isEqualTo(new ApplyOutcome.Applied(1));
        return plane;
    }

    private static InstancePlan plan(int own, int other) {
        return plan(
                1,
                List.of(
                        new InstancePlan.Member(ScriptedGateway.INSTANCE, "edge-1", "127.0.0.1", own, true),
                        new InstancePlan.Member(PEER, "edge-2", "127.0.0.1", other, false)));
    }

    private static InstancePlan withoutAnAddress(int other) {
        return plan(
                2,
                List.of(
                        new InstancePlan.Member(ScriptedGateway.INSTANCE, "edge-1", null, 10_101, true),
                        new InstancePlan.Member(PEER, "edge-2", "127.0.0.1", other, false)));
    }

    private static InstancePlan plan(long number, List<InstancePlan.Member> members) {
        var ha = new HaSettings(
                HaMode.ACTIVE_ACTIVE, null, null, null, null, null, null, null, null, null, null, null, null, null);
        return new InstancePlan(
                1,
                number,
                ScriptedGateway.TENANT,
                ScriptedGateway.STACK,
                ScriptedGateway.INSTANCE,
                Instant.now(),
                ha,
                List.of(),
                List.of(),
                members);
    }
}
