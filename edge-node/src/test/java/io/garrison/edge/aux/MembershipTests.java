package io.garrison.edge.aux;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.haproxy.StackLink;
import io.garrison.edge.join.Identity;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.StackCredential;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MembershipTests {

    private static final UUID SELF = new UUID(1, 1);

    private static final StackCredential CREDENTIAL = new StackCredential("chain\n", "anchors");

    @Test
    void sharesWithTheMembersOfThePlanOnThePortAfterTheirs() {
        var membership = Membership.of(plan(HaMode.ACTIVE_ACTIVE, 3, "192.0.2."), identity(CREDENTIAL));
        var link = java.util.Objects.requireNonNull(membership.link());
        assertThat(link.self()).isEqualTo(SELF);
        assertThat(link.members()).hasSize(3);
        assertThat(link.own().address()).isEqualTo("192.0.2.1");
        assertThat(link.own().port()).isEqualTo(10_102);
        assertThat(link.certificate()).isEqualTo("chain\nkey");
        assertThat(link.anchors()).isEqualTo("anchors");
    }

    @Test
    void movesWithThePortOfThePlan() {
        var membership = Membership.of(plan(HaMode.ACTIVE_ACTIVE, 3, "192.0.2.", 20_500), identity(CREDENTIAL));
        var link = java.util.Objects.requireNonNull(membership.link());
        assertThat(link.members())
                .as("HA-03: 20500 instead of 10101")
                .extracting(StackLink.Member::port)
                .containsOnly(20_501);
    }

    @Test
    void sharesWithNobodyWithoutSayingThatSomethingIsWrong() {
        assertThat(Membership.of(plan(HaMode.NONE, 3, "192.0.2."), identity(CREDENTIAL)))
                .isEqualTo(Membership.NONE);
        assertThat(Membership.of(plan(HaMode.ACTIVE_PASSIVE, 1, "192.0.2."), identity(CREDENTIAL)))
                .isEqualTo(Membership.NONE);
    }

    @Test
    void saysWhyItCannotShare() {
        assertThat(problem(plan(HaMode.CLUSTER, 2, "192.0.2."), null)).contains("no certificate");
        assertThat(problem(plan(HaMode.CLUSTER, 2, null), CREDENTIAL)).contains("no address of this instance");
        assertThat(problem(plan(HaMode.CLUSTER, 2, "host"), CREDENTIAL)).contains("can't be used");
        assertThat(problem(plan(HaMode.CLUSTER, 17, "192.0.2."), CREDENTIAL)).contains("More than 16");
        assertThat(problem(plan(HaMode.CLUSTER, 16, "192.0.2."), CREDENTIAL)).isEqualTo("null");
    }

    @Test
    void callsAMemberSilentAfterThreeSignsOfLife() {
        var at = new Instant[] {Instant.parse("2026-11-21T10:00:00Z")};
        var silence = new Silence(new Clock() {
            @Override
            public Instant instant() {
                return at[0];
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });
        silence.expect(Set.of(SELF));
        silence.heard(SELF);
        at[0] = at[0].plusMillis(3_200);
        assertThat(silence.faults(null)).isEmpty();
        at[0] = at[0].plusMillis(100);
        assertThat(silence.faults(null)).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("aux-stale");
            assertThat(fault.message()).contains(SELF.toString());
        });
        assertThat(silence.faults("why")).extracting("code").containsExactly("aux-unavailable", "aux-stale");
        at[0] = at[0].plus(Duration.ofHours(1));
        silence.heard(SELF);
        assertThat(silence.faults(null)).isEmpty();
        silence.expect(Set.of());
        assertThat(silence.lastHeard()).isNull();
    }

    @Test
    void measuresTheNinetyFifthPercentileOfTheLatest() {
        var convergence = new Convergence();
        assertThat(convergence.p95()).isNull();
        for (int i = 1; i <= 100; i++) {
            convergence.add(i);
        }
        assertThat(convergence.p95()).isEqualTo(95.0);
        convergence.add(-5);
        for (int i = 0; i < 3 * Convergence.SAMPLES; i++) {
            convergence.add(7);
        }
        assertThat(convergence.p95()).as("older ones are forgotten").isEqualTo(7.0);
    }

    private static String problem(InstancePlan plan, @Nullable StackCredential credential) {
        return String.valueOf(Membership.of(plan, identity(credential)).problem());
    }

    private static InstancePlan plan(HaMode mode, int members, @Nullable String network) {
        return plan(mode, members, network, 10_101);
    }

    private static InstancePlan plan(HaMode mode, int members, @Nullable String network, int port) {
        var all = new ArrayList<InstancePlan.Member>();
        for (int i = 1; i <= members; i++) {
            var address = network == null ? null : network + i;
            all.add(new InstancePlan.Member(new UUID(1, i), "edge-" + i, address, port, i == 1));
        }
        var ha = new HaSettings(mode, null, port, null, null, null, null, null, null, null, null, null, null, null);
        return new InstancePlan(
                1, 1, new UUID(2, 1), new UUID(2, 2), SELF, Instant.EPOCH, ha, List.of(), List.of(), all);
    }

    private static Identity identity(@Nullable StackCredential credential) {
        return new Identity(
                SELF,
                new UUID(2, 1),
                new UUID(2, 2),
                URI.create("https://localhost"),
                "key",
                "",
                "",
                List.of(),
                5,
                null,
                credential);
    }
}
