package io.garrison.edge.cluster;

import static io.garrison.edge.cluster.TestStack.instance;
import static io.garrison.edge.cluster.TestStack.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.MovedClock;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of the third member: it is in the plan at first, and then it is quarantined. */
class MembershipTests {

    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final List<Member> TWO = List.of(member(1, "192.0.2.1", 10_101), member(2, "192.0.2.2", 10_101));
    private static final List<Member> THREE = List.of(TWO.get(0), TWO.get(1), member(3, "192.0.2.3", 10_101));

    private final MovedClock clock = new MovedClock();
    private TestStack stack;
    private Membership membership;

    @BeforeEach
    void membership() throws Exception {
        stack = new TestStack();
        var identity = stack.identity(1);
        membership = new Membership(() -> identity, clock);
    }

    @Test
    void goesByTheNumbersOfItsOwnPlansThoughManagementsClockWentBack() {
        assertThat(membership.isDeclared(instance(3))).as("before any plan").isTrue();
        assertThat(membership.take(plan(1, THREE, 7, NOON))).isTrue();
        assertThat(membership.take(plan(1, TWO, 8, NOON.minusSeconds(3_600)))).isTrue();
        assertThat(membership.isDeclared(instance(3))).isFalse();
        assertThat(membership.take(plan(1, THREE, 8, NOON.plusSeconds(1)))).isFalse();
        assertThat(membership.take(plan(1, THREE, 7, NOON.plusSeconds(1)))).isFalse();
        assertThat(membership.isDeclared(instance(3))).isFalse();
    }

    @Test
    void takesAPeersPlanOnlyIfItIsLaterThanAllThatWereKnown() {
        assertThat(membership.take(plan(1, THREE, 7, NOON))).isTrue();
        assertThat(peers(TWO, NOON)).isFalse();
        assertThat(peers(TWO, NOON.plusSeconds(1))).isTrue();
        assertThat(membership.isDeclared(instance(3))).isFalse();
        assertThat(membership.take(plan(1, THREE, 8, NOON.plusSeconds(2))))
                .as("readmitted")
                .isTrue();
        assertThat(peers(TWO, NOON.plusSeconds(1))).isFalse();
        assertThat(membership.isDeclared(instance(3))).isTrue();
    }

    @Test
    void takesNoPlanOfAPeerFromBeforeManagementsClockWentBack() {
        assertThat(membership.take(plan(1, THREE, 7, NOON))).isTrue();
        assertThat(membership.take(plan(1, TWO, 8, NOON.minusSeconds(3_600)))).isTrue();
        assertThat(peers(THREE, NOON)).isFalse();
        assertThat(peers(THREE, NOON.plusSeconds(20)))
                .as("made there soon after")
                .isFalse();
        assertThat(membership.isDeclared(instance(3))).isFalse();

        clock.move(Duration.ofSeconds(3_700));
        assertThat(peers(THREE, NOON.plusSeconds(90))).as("readmitted").isTrue();
        assertThat(membership.isDeclared(instance(3))).isTrue();
    }

    private boolean peers(List<Member> members, Instant issuedAt) {
        return membership.takeFromPeer(stack.sign(plan(2, members, 99, issuedAt)));
    }

    private static InstancePlan plan(int number, List<Member> members, long count, Instant issuedAt) {
        return TestStack.plan(number, members, HaSettings.DEFAULT, count, issuedAt);
    }
}
