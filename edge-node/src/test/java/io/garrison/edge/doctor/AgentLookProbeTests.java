package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.TestStack;
import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.state.DiscoveryType;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DI-T13, DI-T16, DI-T23: how the latest look of the agent that runs went. */
class AgentLookProbeTests {

    @ParameterizedTest
    @CsvSource({"MDNS, DI-T16", "UDP, DI-T13", "DNS, DI-T19"})
    void nobodyIsFoundWhereOthersBelongToTheStack(DiscoveryType type, String id) {
        var finding = look(type, 3, told(type, 0, null));
        assertThat(finding.id()).isEqualTo(id);
        assertThat(finding.outcome()).isEqualTo(Outcome.BAD);
        assertThat(finding.fix()).isNotBlank();
        assertThat(look(type, 3, told(type, 1, null)).outcome()).isEqualTo(Outcome.GOOD);
        assertThat(look(type, 1, told(type, 0, null)).outcome()).isEqualTo(Outcome.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "MDNS, mdns-failed, DI-T16",
        "UDP, udp-failed, DI-T23",
        "UDP, udp-port-in-use, DI-T15",
        "ETCD, etcd-register-failed, DI-T08",
        "ETCD, of-a-later-version, DI-T19",
    })
    void whyItFailedIsNamed(DiscoveryType type, String code, String id) {
        var finding = look(type, 1, told(type, 0, code));
        assertThat(finding.id()).isEqualTo(id);
        assertThat(finding.outcome()).isEqualTo(Outcome.BAD);
        assertThat(finding.found()).contains(code, "because");
    }

    @Test
    void saysNothingOfAnAgentThatHasNotLookedThatWay() {
        var not = new HashMap<>(told(DiscoveryType.MDNS, 0, null));
        not.put("last_look", null);
        assertThat(look(DiscoveryType.MDNS, 3, not).outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(look(DiscoveryType.MDNS, 3, told(DiscoveryType.UDP, 0, null)).outcome())
                .isEqualTo(Outcome.SKIPPED);
    }

    private static Finding look(DiscoveryType type, int members, Map<String, Object> told) {
        var running = new Running(1, Map.of("discovery", told), List.of(), List.of(), null);
        return new AgentLookProbe(type, plan(members), running).look();
    }

    private static Map<String, Object> told(DiscoveryType type, int found, @Nullable String code) {
        var told = new HashMap<String, Object>();
        told.put("type", type.name().toLowerCase(Locale.ROOT));
        told.put("last_look", "2026-11-27T12:00:00Z");
        told.put("found", found);
        told.put("code", code);
        told.put("problem", code == null ? null : "because");
        return told;
    }

    private static InstancePlan plan(int members) {
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
                IntStream.rangeClosed(1, members)
                        .mapToObj(number -> TestStack.member(number, "10.1.0." + number, 10_101))
                        .toList());
    }
}
