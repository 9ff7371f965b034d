package io.garrison.edge.cli;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.agent.Agent;
import io.garrison.edge.cluster.TestNode;
import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.testing.FakeDataPlane;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-T20, DI-T22: an agent among members of which one goes, and comes and goes. */
class DoctorPeersIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private final List<InstancePlan.Member> members = new ArrayList<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private ScriptedGateway gateway;
    private TestStack stack;
    private Agent agent;
    private Examinations doctor;

    @BeforeEach
    void anAgentAndTwoMembers() throws Exception {
        gateway = new ScriptedGateway();
        gateway.instance = TestStack.instance(1);
        stack = new TestStack(gateway.authority, gateway.policyKeys());
        for (int number = 1; number <= 3; number++) {
            members.add(TestStack.member(number, "127.0.0.1", JoinedEdge.freePort()));
        }
        gateway.plan = stack.plan(1, members);
        nodes.add(node(2));
        nodes.add(node(3));
        agent = agent();
        agent.start();
        await("all three are there", SOON, () -> doctor.examine().words().contains("3 members, all healthy"));
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            agent.close();
        }
        nodes.forEach(TestNode::close);
        gateway.close();
    }

    @Test
    void namesTheMemberThatIsMissingAndThenTheOneThatComesAndGoes() throws Exception {
        var whole = doctor.examine();
        assertThat(whole.bad()).as(whole.words()).isEmpty();
        assertThat(whole.outcomes()).contains("DI-T03 GOOD", "DI-T22 GOOD", "DI-T23 GOOD");
        assertSameByTheConsole(whole);

        for (int time = 1; time <= 3; time++) {
            nodes.removeLast().close();
            await("it is missed", SOON, () -> doctor.examine().bad().contains("DI-T20"));
            var seen = doctor.examine();
            assertThat(seen.only("DI-T20").found()).startsWith("2 of 3 members are healthy: edge-3 ");
            assertThat(seen.told().cause()).as("what lies below").isEqualTo("DI-T03");
            assertThat(seen.bad().contains("DI-T22"))
                    .as("fallen " + time + " times")
                    .isEqualTo(time == 3);
            nodes.add(node(3));
            await("it is back", SOON, () -> doctor.examine().outcomes().contains("DI-T20 GOOD"));
        }
        var unsteady = doctor.examine();
        assertThat(unsteady.bad()).as(unsteady.words()).containsExactly("DI-T22");
        assertThat(unsteady.only("DI-T22").found()).contains("edge-3 3 times").doesNotContain("edge-2");
    }

    /** Management asks by the heartbeat, and the agent that runs examines itself. */
    private void assertSameByTheConsole(Examinations.Examination whole) throws Exception {
        gateway.examine = UUID.randomUUID();
        await("its findings", SOON, () -> gateway.reports.stream().anyMatch(report -> report.examination() != null));
        var told = gateway.reports.stream()
                .map(Report::examination)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        assertThat(told.problem()).isNull();
        assertThat(told.findings())
                .extracting(finding -> finding.layer() + " " + finding.id() + " " + finding.outcome())
                .isEqualTo(whole.told().findings().stream()
                        .map(finding -> finding.layer() + " " + finding.id() + " " + finding.outcome())
                        .toList());
    }

    private TestNode node(int number) throws Exception {
        var directory = Files.createDirectories(temp.resolve("node-" + number));
        var identity = stack.identity(number);
        var port = Integer.toString(members.get(number - 1).port());
        return new TestNode(
                        directory,
                        identity,
                        stack.keeper(directory, identity, members, number),
                        Map.of("gossip.port", port))
                .start();
    }

    private Agent agent() throws Exception {
        var state = new StateDirectory(temp.resolve("edge"));
        doctor = new Examinations(state, Clock.systemUTC());
        var dataPlane = new FakeDataPlane();
        var err = new ByteArrayOutputStream();
        var console = new Console(System.out, new PrintStream(err, true));
        assertThat(new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> dataPlane)
                        .run(List.of(
                                "join",
                                "--state",
                                state.root().toString(),
                                "--url",
                                gateway.url(),
                                "--token",
                                "token-1",
                                "--ca-sha256",
                                gateway.authority.rootSha256(),
                                "--set",
                                "management.port=0",
                                "--set",
                                "cluster.enabled=true",
                                "--set",
                                "cluster.address=127.0.0.1",
                                "--set",
                                "gossip.port=" + members.getFirst().port(),
                                "--set",
                                "health.check-interval-secs=1")))
                .as(err.toString())
                .isZero();
        return new Agent(
                state,
                EdgeConfig.read(state.settings()),
                new IdentityStore(state).load().orElseThrow(),
                dataPlane,
                ByteCounters.NONE,
                "boot-1",
                Clock.systemUTC(),
                Optional.empty());
    }
}
