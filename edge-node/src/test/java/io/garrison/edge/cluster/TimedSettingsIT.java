package io.garrison.edge.cluster;

import static io.garrison.edge.cluster.TestStack.instance;
import static io.garrison.edge.cluster.TestStack.member;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.SignedBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HC-19, PX-13, PX-14, PX-22, PX-23, DI-17: members that differ in one setting see the same differently. */
class TimedSettingsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<TestNode> nodes = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private List<Member> declared;
    private TestStack stack;

    @BeforeEach
    void addresses() throws Exception {
        stack = new TestStack();
        for (int i = 1; i <= 4; i++) {
            members.add(member(i, "127.0.0.1", JoinedEdge.freePort()));
        }
        declared = members.subList(0, 3);
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.desired.hangs.complete(null));
        nodes.forEach(TestNode::close);
    }

    @Test
    void aPeerThatIsThereAndDoesNotAnswerIsSuspectAfterTheTimeout() throws Exception {
        var subject = start(1, Map.of());
        var quick = start(2, Map.of("gossip.timeout-seconds", "1", "gossip.failure-threshold", "1"));
        var slow = start(3, Map.of("gossip.timeout-seconds", "300", "gossip.failure-threshold", "1"));
        awaitHealthy(subject, quick, slow);

        subject.desired.hang();

        await(
                "DI-17: it has not answered for 1 s",
                SOON,
                () -> "suspect".equals(quick.statuses().get(subject.id)));
        assertThat(slow.isHealthy(subject.id)).as("DI-17: it may take 300 s").isTrue();
    }

    @Test
    void revisionsAndMembershipAreAskedForAtTheirIntervals() throws Exception {
        var informed = start(1, Map.of());
        var quick = start(2, Map.of());
        var slow = start(3, Map.of("sync.rules-interval-secs", "3600", "sync.config-interval-secs", "3600"));
        var bundle = new SignedBundle("k1", "e30", "sig");
        awaitHealthy(informed, quick, slow);
        var later = stack.plan(1, members);
        quick.desired.silent = true;
        slow.desired.silent = true;
        // Whoever leads, or is asked because there is no main, has something that the asking one has not.
        for (var node : List.of(informed, quick, slow)) {
            node.desired.etag = node.id.toString();
            node.desired.desired = bundle;
            node.desired.plan = later;
        }

        await("PX-13: the revision, again and again", SOON, () -> quick.desired.taken.size() > 2);
        await("PX-14: the membership", SOON, () -> quick.statuses().containsKey(instance(4)));
        assertThat(slow.desired.taken).as("PX-13").isEmpty();
        assertThat(slow.statuses()).as("PX-14").doesNotContainKey(instance(4));
    }

    @Test
    void aRevisionThatAPeerServesIsAskedForBeforeManagementIsMissed() throws Exception {
        var settings = Map.of("sync.rules-interval-secs", "3600");
        var ahead = start(1, settings);
        var behind = start(2, settings);
        var bundle = new SignedBundle("k1", "e30", "sig");
        awaitHealthy(ahead, behind);
        behind.desired.incarnation = new UUID(9, 1);
        behind.desired.revision = 1;
        behind.desired.desired = bundle;
        ahead.desired.incarnation = new UUID(9, 1);
        ahead.desired.etag = "2";
        ahead.desired.desired = bundle;
        ahead.desired.revision = 2;

        await("HC-19: the peer has it", SOON, () -> behind.desired.taken.contains(bundle));
        assertThat(ahead.desired.taken).as("what is older is no news").isEmpty();
        assertThat(behind.desired.taken).as("asked for once").hasSize(1);
    }

    @Test
    void peersAreAskedAtTheIntervalAndLostAfterAsManyAsMayBeMissed() throws Exception {
        declared = members;
        var quick = start(1, Map.of("health.max-missed-heartbeats", "2"));
        var patient = start(2, Map.of("health.max-missed-heartbeats", "100", "health.check-interval-secs", "30"));
        var subject = start(4, Map.of());
        awaitHealthy(quick, patient, subject);

        boolean behind = false;
        for (int tries = 0; tries < 5 && !behind; tries++) {
            behind = staysBehind(patient, quick, subject);
        }
        assertThat(behind).as("PX-22: 30 s and 1 s").isTrue();

        nodes.remove(subject);
        subject.close();
        await("PX-23: two missed", SOON, () -> "lost".equals(quick.statuses().get(subject.id)));
        assertThat(patient.statuses()).as("PX-23: 100 missed").containsEntry(subject.id, "suspect");
    }

    /**
     * Whether the one hears of none of three revisions while the other hears of each. Whoever sees another view asks at
     * once, whatever its interval, and a busy machine makes views.
     */
    private static boolean staysBehind(TestNode patient, TestNode quick, TestNode subject) throws InterruptedException {
        long first = subject.desired.revision + 1;
        for (long next = first; next < first + 3; next++) {
            long wanted = next;
            subject.desired.revision = wanted;
            await("PX-22: 1 s", SOON, () -> revision(quick) == wanted);
        }
        return revision(patient) < first;
    }

    private static long revision(TestNode of) {
        return of.node.state().members().stream()
                .filter(member -> member.nodeId().equals(instance(4)))
                .mapToLong(member -> member.revision())
                .findFirst()
                .orElse(-1);
    }

    private void awaitHealthy(TestNode... all) throws InterruptedException {
        await("all are healthy", SOON, () -> {
            for (var node : all) {
                for (var peer : all) {
                    if (!node.isHealthy(peer.id)) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    /** A member that takes its time with elections. */
    private TestNode start(int number, Map<String, String> settings) throws Exception {
        var identity = stack.identity(number);
        var own = Files.createDirectories(directory.resolve("node-" + number));
        var all = new HashMap<>(Map.of(
                "gossip.port", Integer.toString(members.get(number - 1).port()),
                "election.timeout-min-ms", "1000",
                "election.timeout-max-ms", "2000"));
        all.putAll(settings);
        var node = new TestNode(own, identity, stack.keeper(own, identity, declared, number), all);
        nodes.add(node);
        return node.start();
    }
}
