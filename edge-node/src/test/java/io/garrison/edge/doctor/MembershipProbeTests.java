package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.DiscoverySettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DI-T18 to DI-T20, DI-T22, DI-T23: what the agent that runs says of its peers. */
class MembershipProbeTests {

    private static final DiscoverySettings OFF = ClusterSettings.of(Map.of()).discovery();
    private static final DiscoverySettings MULTICAST = ClusterSettings.of(
                    Map.of("discovery.enabled", "true", "discovery.type", "mdns"))
            .discovery();

    @Test
    void findsNothingWhereAllAreWell() {
        assertThat(look(OFF, status("healthy", 2, 0), List.of()))
                .containsExactly("DI-T20 GOOD", "DI-T22 GOOD", "DI-T23 GOOD");
        assertThat(look(OFF, Map.of("cluster_enabled", false), List.of()))
                .containsExactly("DI-T20 SKIPPED", "DI-T23 GOOD");
        assertThat(new MembershipProbe(null, OFF).look())
                .extracting(Finding::outcome)
                .containsExactly(Outcome.SKIPPED);
    }

    @Test
    void namesWhoIsMissing() {
        var probe = new MembershipProbe(running(status("lost", 0, 0), List.of()), OFF);
        assertThat(probe.look().getFirst().id()).isEqualTo("DI-T20");
        assertThat(probe.look().getFirst().found())
                .isEqualTo("2 of 3 members are healthy: edge-3 lost")
                .doesNotContain("edge-2");
    }

    @Test
    void countsFallsOnlyOfThoseThatComeAndGo() {
        assertThat(look(OFF, status("healthy", 3, 0), List.of())).contains("DI-T20 GOOD", "DI-T22 BAD");
        assertThat(look(MULTICAST, status("healthy", 3, 0), List.of())).contains("DI-T18 BAD");
        assertThat(new MembershipProbe(running(status("healthy", 3, 0), List.of()), MULTICAST)
                        .look()
                        .get(1)
                        .found())
                .isEqualTo("members come and go, within 10 minutes: edge-3 3 times");
    }

    @Test
    void hearsOfMessagesThatDoNotArrive() {
        assertThat(look(OFF, status("healthy", 0, 1), List.of())).contains("DI-T23 BAD");
        assertThat(look(OFF, status("healthy", 0, 0), List.of("Nothing arrives from edge-2.")))
                .contains("DI-T23 BAD");
    }

    private static List<String> look(DiscoverySettings discovery, Map<String, Object> status, List<String> sharing) {
        return new MembershipProbe(running(status, sharing), discovery)
                .look().stream()
                        .map(finding -> finding.id() + " " + finding.outcome())
                        .toList();
    }

    private static Running running(Map<String, Object> status, List<String> sharing) {
        return new Running(1, status, sharing, List.of(), null);
    }

    private static Map<String, Object> status(String third, int falls, int overflows) {
        return Map.of(
                "cluster_enabled",
                true,
                "members",
                3,
                "healthy_members",
                third.equals("healthy") ? 3 : 2,
                "peers",
                List.of(
                        Map.of("name", "edge-2", "status", "healthy", "falls", 2),
                        Map.of("name", "edge-3", "status", third, "falls", falls)),
                "lately",
                Map.of("window_seconds", 600, "overflows", overflows, "lost_registrations", 0));
    }
}
