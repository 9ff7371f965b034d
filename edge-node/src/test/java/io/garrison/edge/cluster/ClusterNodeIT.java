package io.garrison.edge.cluster;

import static io.garrison.edge.cluster.TestStack.instance;
import static io.garrison.edge.cluster.TestStack.member;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.edge.sync.RevisionTag;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.CertificateMaterial;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-03, PX-11, PX-20, PX-22 to PX-24, PX-29, PX-31, PX-33, PX-34, DI-01 to DI-04, DI-34: members over real mutual TLS. */
class ClusterNodeIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final List<TestNode> nodes = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private TestStack stack;

    @BeforeEach
    void declaredMembers() throws Exception {
        stack = new TestStack();
        for (int i = 1; i <= 3; i++) {
            members.add(member(i, "127.0.0.1", JoinedEdge.freePort()));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void threeMembersFindEachOtherElectAMainAndElectAnotherWhenItGoes() throws Exception {
        startAll();
        awaitAllHealthy();
        await(
                "one main",
                SOON,
                () -> nodes.stream().map(TestNode::main).distinct().count() == 1 && main() != null);
        var first = Objects.requireNonNull(main());

        var status = first.node.status();
        assertThat(status)
                .containsEntry("cluster_enabled", true)
                .containsEntry("role", "MAIN")
                .containsEntry("members", 3)
                .containsEntry("healthy_members", 3L)
                .containsEntry("cluster_health", "HEALTHY")
                .containsKeys("node_id", "local_node", "peers", "sync", "term", "main");
        assertThat(first.eventCodes()).contains("cluster.main-changed", "cluster.member-healthy");

        first.close();
        nodes.remove(first);
        await(
                "another main",
                SOON,
                () -> main() != null
                        && nodes.stream().map(TestNode::main).distinct().count() == 1);
        assertThat(nodes.getFirst().main()).isNotEqualTo(first.id);
        await(
                "it is missed",
                SOON,
                () -> "lost".equals(nodes.getFirst().statuses().get(first.id)));
        assertThat(nodes.getFirst().node.state().healthy()).isTrue();
        assertThat(nodes.getFirst().node.state().splits()).isZero();

        var second = Objects.requireNonNull(main());
        second.close();
        nodes.remove(second);
        await("no main without a quorum", SOON, () -> nodes.getFirst().main() == null);
        await("told", SOON, () -> nodes.getFirst().eventCodes().contains("cluster.quorum-lost"));
        assertThat(nodes.getFirst().node.status()).containsEntry("cluster_health", "NOT HEALTHY");
    }

    @Test
    void membersWithoutManagementTakeWhatTheMainHasAndItsMembership() throws Exception {
        startAll();
        awaitAllHealthy();
        await("one main", SOON, () -> main() != null && nodes.stream().allMatch(node -> node.main() != null));
        var main = Objects.requireNonNull(main());
        var worker = nodes.stream().filter(node -> node != main).findFirst().orElseThrow();
        var bundle = new SignedBundle("k1", "e30", "sig");
        main.desired.desired = bundle;
        main.desired.etag = "2";
        main.desired.revision = 2;
        main.desired.certificates.put("site", new CertificateMaterial("site", "pem"));
        worker.desired.etag = "1";
        var one = List.of(members.get(0), members.get(1), members.get(2), member(4, "127.0.0.1", 10_104));
        main.desired.plan = stack.plan(number(main), one);

        await("the membership", SOON, () -> worker.statuses().containsKey(instance(4)));
        assertThat(worker.node.status().get("sync").toString()).contains("last_config_sync=2");
        assertThat(worker.desired.taken).as("management answers this one").isEmpty();

        worker.desired.silent = true;
        await("the revision", SOON, () -> worker.desired.taken.contains(bundle));
        assertThat(worker.node.certificate("site").pem()).isEqualTo("pem");
        assertThatIOException().isThrownBy(() -> worker.node.certificate("other"));
        assertThat(worker.node.status().get("sync").toString()).contains("last_rule_sync=2");
        await(
                "the lag shows",
                SOON,
                () -> worker.node.status().get("peers").toString().contains("revision=2"));

        int before = worker.desired.taken.size();
        worker.desired.etag = "2";
        await("it asks on", SOON, () -> worker.desired.asked.get() > 3);
        assertThat(worker.desired.taken.size()).isLessThanOrEqualTo(before + 1);
    }

    /** Management gave the worker a revision, fell silent, and never gave it to the main. */
    @Test
    void aMainThatIsBehindOffersNothing() throws Exception {
        startAll();
        awaitAllHealthy();
        await("one main", SOON, () -> main() != null && nodes.stream().allMatch(node -> node.main() != null));
        var main = Objects.requireNonNull(main());
        var worker = nodes.stream().filter(node -> node != main).findFirst().orElseThrow();
        var bundle = new SignedBundle("k1", "e30", "sig");
        var history = new UUID(9, 1);
        main.desired.desired = bundle;
        main.desired.etag = new RevisionTag(history, 1).text();
        worker.desired.etag = new RevisionTag(history, 2).text();
        worker.desired.silent = true;
        await(
                "it was asked",
                SOON,
                () -> worker.node.status().get("sync").toString().contains("last_rule_sync=2"));
        assertThat(worker.desired.taken).isEmpty();

        main.desired.etag = new RevisionTag(history, 3).text();
        await("the next one", SOON, () -> worker.desired.taken.contains(bundle));
    }

    @Test
    void keepsAQuarantinedMemberOutThoughManagementsClockWentBack() throws Exception {
        startAll();
        awaitAllHealthy();
        for (var node : nodes.subList(0, 2)) {
            var yesterday = Instant.now().minus(Duration.ofDays(1));
            node.plans.offer(stack.sign(
                    TestStack.plan(number(node), members.subList(0, 2), HaSettings.DEFAULT, 1L << 40, yesterday)));
        }
        await(
                "it is no member",
                SOON,
                () -> nodes.subList(0, 2).stream()
                        .noneMatch(node -> node.statuses().containsKey(instance(3))));
    }

    @Test
    void theFirstOfTwoLeadsAloneAndTheOtherDoesNot() throws Exception {
        var two = members.subList(0, 2);
        nodes.add(node(2, two, Map.of()).start());
        nodes.add(node(1, two, Map.of()).start());
        await(
                "the primary leads",
                SOON,
                () -> instance(1).equals(nodes.getFirst().main()));

        nodes.removeLast().close();
        await("nobody leads", SOON, () -> nodes.getFirst().main() == null);
        assertThat(nodes.getFirst().node.state().healthy()).isFalse();
    }

    @Test
    void findsPeersBySeedsAndListensWhereThePlanSaysNothing() throws Exception {
        var seed = Map.of("cluster.seeds", "127.0.0.1:" + members.get(0).port());
        nodes.add(node(1, List.of(), Map.of()).start());
        nodes.add(node(2, List.of(), seed).start());

        await(
                "they meet",
                SOON,
                () -> nodes.get(0).isHealthy(instance(2)) && nodes.get(1).isHealthy(instance(1)));
        assertThat(nodes.get(0).main()).as("nobody is declared").isNull();
    }

    @Test
    void listensOnThePortOfThePlanAndMovesWithIt() throws Exception {
        var identity = stack.identity(1);
        var plans = stack.keeper(directory, identity, List.of(), 1);
        int former = JoinedEdge.freePort();
        int next = JoinedEdge.freePort();
        plans.offer(stack.plan(1, members, onPort(former)));
        nodes.add(new TestNode(directory.resolve("node-1"), identity, plans, Map.of()).start());
        await("HA-03: where the plan says", SOON, () -> listens(former));

        plans.offer(stack.plan(1, members, onPort(next)));
        await("HA-03: where the next plan says", SOON, () -> listens(next) && !listens(former));
    }

    @Test
    void aMemberWhoseBallotIsDamagedStartsTellsOfItAndVotesAgain() throws Exception {
        var ballot = Files.createDirectories(directory.resolve("node-3")).resolve("ballot.json");
        Files.writeString(ballot, "{\"term\":3,\"vo");
        startAll();
        awaitAllHealthy();
        assertThat(nodes.getLast().eventCodes()).contains("cluster.ballot-damaged");
        assertThat(directory.resolve("node-3/ballot.json.damaged")).isRegularFile();
        await("PX-20: it knows the term", SOON, () -> Files.exists(ballot) && main() != null);

        var gone = nodes.stream()
                .filter(node -> node != nodes.getLast() && node == main())
                .findFirst()
                .orElse(nodes.getFirst());
        nodes.remove(gone);
        gone.close();
        await(
                "a main by its vote",
                SOON,
                () -> main() != null
                        && nodes.stream().map(TestNode::main).distinct().count() == 1);
    }

    private static HaSettings onPort(int port) {
        return new HaSettings(
                HaMode.CLUSTER, null, port, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static boolean listens(int port) {
        try (var unused = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int number(TestNode node) {
        return (int) node.id.getLeastSignificantBits();
    }

    private void startAll() throws Exception {
        for (int i = 1; i <= 3; i++) {
            nodes.add(node(i, members, Map.of()).start());
        }
    }

    private TestNode node(int number, List<Member> plan, Map<String, String> settings) throws Exception {
        var identity = stack.identity(number);
        var own = directory.resolve("node-" + number);
        Files.createDirectories(own);
        var all = new HashMap<>(settings);
        all.putIfAbsent("gossip.port", Integer.toString(members.get(number - 1).port()));
        return new TestNode(own, identity, stack.keeper(own, identity, plan, number), all);
    }

    private TestNode main() {
        return nodes.stream()
                .filter(node -> node.id.equals(node.main()))
                .findFirst()
                .orElse(null);
    }

    private void awaitAllHealthy() throws InterruptedException {
        await(
                "all are healthy",
                SOON,
                () -> nodes.stream()
                        .allMatch(node -> node.isHealthy(instance(1))
                                && node.isHealthy(instance(2))
                                && node.isHealthy(instance(3))));
    }
}
