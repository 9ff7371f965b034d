package io.garrison.edge.agent;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.CountingClient;
import io.garrison.edge.testing.EdgeProcess;
import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.Policy;
import io.garrison.protocol.SyncState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent takes from the machine that it shares with the data plane, with the options of its launcher. */
class AgentFootprintIT {

    /** What was measured on the reference machine, 64, and a tenth. */
    private static final double PSS_LIMIT_MEBIBYTES = 70;

    /** Long enough for the agent to have given memory back ({@code TrimNativeHeapInterval}). */
    private static final int IDLE_SECONDS = 15;

    private static final int BURST = 20_000;
    private static final int ENTRIES = 10_000;
    private static final Duration BACKLOG_PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path temp;

    private JoinedEdge edge;
    private EdgeProcess agent;

    @BeforeEach
    void serves() throws Exception {
        edge = new JoinedEdge(temp, 10, "management.port=0", "meter=proxy");
        agent = edge.start();
        edge.serve(1, edge.policy(""));
    }

    @AfterEach
    void ends() throws Exception {
        if (edge != null) {
            edge.close();
        }
    }

    @Test
    void staysSmallWhileIdle() throws Exception {
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        double pss = agent.pssMebibytes();
        System.out.printf("idle agent: PSS %.1f MiB, of it anonymous %.1f MiB%n", pss, agent.anonymousMebibytes());
        assertThat(pss).isLessThan(PSS_LIMIT_MEBIBYTES);
    }

    @Test
    void hasRoomForTheLongestListsAndABacklog() throws Exception {
        edge.serve(2, longLists());
        edge.gateway.failWith = 503;
        try (var client = CountingClient.to(edge.httpPort)) {
            for (int i = 0; i < BURST; i++) {
                assertThat(client.get("/" + i, "User-Agent: " + "x".repeat(200)))
                        .isEqualTo("200 web");
            }
        }
        await("spooled", BACKLOG_PATIENCE, () -> edge.status().spool().records() >= BURST);
        edge.serveLater(3, longLists());
        edge.gateway.failWith = 0;
        await("revision 3", BACKLOG_PATIENCE, () -> edge.reported(3, SyncState.IN_SYNC));
        await(
                "the backlog has gone",
                BACKLOG_PATIENCE,
                () -> edge.gateway.batches.stream()
                                .mapToInt(batch -> batch.events().size())
                                .sum()
                        >= BURST);
        assertThat(agent.isAlive()).isTrue();
        assertThat(agent.log()).doesNotContain("OutOfMemory");
    }

    private Policy longLists() {
        var blocks = IntStream.range(0, ENTRIES)
                .mapToObj(i -> "\"2001:db8:" + Integer.toHexString(i) + "::/48\"")
                .toList();
        var list = String.join(",", blocks);
        return edge.policy(",\"accessList\":{\"deny\":[%s]}".formatted(list));
    }
}
