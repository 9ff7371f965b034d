package io.garrison.instances.availability;

import static io.garrison.instances.availability.Stackfuls.http;
import static io.garrison.instances.availability.Stackfuls.id;
import static io.garrison.instances.availability.Stackfuls.of;
import static io.garrison.instances.availability.Stackfuls.policy;
import static io.garrison.instances.availability.Stackfuls.router;
import static io.garrison.instances.availability.Stackfuls.tcp;
import static io.garrison.instances.availability.Stackfuls.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import io.garrison.instances.availability.Planning.Peer;
import io.garrison.instances.availability.Planning.Stamp;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.Policy;
import io.garrison.protocol.VirtualRouter;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** HC-05, HC-06, HC-24, HA-00e, HA-02: what an instance is told by the settings of its stack. */
class PlanningTests {

    private static final UUID TENANT = UUID.randomUUID();
    private static final UUID STACK = UUID.randomUUID();

    private static InstancePlan plan(StackSettings settings, int self) {
        return plan(settings, Policy.EMPTY, self);
    }

    private static InstancePlan plan(StackSettings settings, Policy policy, int self) {
        var peers = settings.sides().stream()
                .map(side -> new Peer(side.instanceId(), "edge", null))
                .toList();
        return Planning.plan(new Stamp(1, TENANT, STACK, id(self), Instant.EPOCH), settings, policy, peers.reversed());
    }

    private static List<Integer> priorities(StackSettings settings, int self) {
        return priorities(settings, Policy.EMPTY, self);
    }

    @Test
    void givesAllAddressesToThePrimaryWhereOneStandsByForTheOthers() {
        var stack =
                of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 3, router("a", 10, null), router("b", 11, null));

        assertThat(priorities(stack, 1)).containsExactly(150, 150);
        assertThat(priorities(stack, 2)).containsExactly(100, 100);
        assertThat(priorities(stack, 3)).containsExactly(51, 51);
        assertThat(plan(stack, 1).ha().primary()).isTrue();
        assertThat(plan(stack, 2).ha().primary()).isFalse();
    }

    @Test
    void spreadsOwnersAndWhoComesNextWhereAllShareTheLoad() {
        var stack = of(
                HaMode.ACTIVE_ACTIVE,
                TrafficMode.ACTIVE_ACTIVE,
                3,
                router("a", 10, null),
                router("b", 11, null),
                router("c", 12, null),
                router("d", 13, id(2)));

        assertThat(priorities(stack, 1)).containsExactly(150, 51, 100, 51);
        assertThat(priorities(stack, 2)).containsExactly(100, 150, 51, 150);
        assertThat(priorities(stack, 3)).containsExactly(51, 100, 150, 100);
    }

    @Test
    void followsTheOwnerOfEachRouterInMixedMode() {
        var stack = of(HaMode.CLUSTER, TrafficMode.MIXED, 2, router("a", 10, id(2)), router("b", 11, id(1)));

        assertThat(priorities(stack, 1)).containsExactly(100, 150);
        assertThat(priorities(stack, 2)).containsExactly(150, 100);
    }

    /** HC-24: those of the primary first, and the turn of the others begins after it. */
    @Test
    void servesEachServiceOfAMixedStackAsItsTypeOrItselfSays() {
        var stack = of(
                HaMode.ACTIVE_ACTIVE,
                TrafficMode.MIXED,
                2,
                router("shop", 10, null),
                router("db", 11, null),
                router("api", 12, null),
                router("bare", 13, null),
                router("named", 14, id(2)));
        var policy = policy(
                http("shop", "192.0.2.10"),
                tcp("db", "192.0.2.11"),
                http("api", "192.0.2.12"),
                tcp("smtp", "192.0.2.14"));

        assertThat(priorities(stack, policy, 1)).containsExactly(100, 150, 150, 150, 100);
        assertThat(priorities(stack, policy, 2)).containsExactly(150, 100, 100, 100, 150);

        var other = with(
                stack,
                new MixedModes(
                        ServiceMode.ACTIVE_PASSIVE,
                        ServiceMode.ACTIVE_ACTIVE,
                        List.of(new OwnMode("api", ServiceMode.ACTIVE_ACTIVE))));
        assertThat(priorities(other, policy, 1))
                .as("shop by type, db by type, api by itself")
                .containsExactly(150, 100, 150, 150, 100);
    }

    private static List<Integer> priorities(StackSettings settings, Policy policy, int self) {
        return plan(settings, policy, self).routers().stream()
                .map(VirtualRouter::priority)
                .toList();
    }

    /** Else nobody would hold them. */
    @Test
    void givesTheAddressesOfWhoHasLeftToWhoWouldHaveThemWithoutAName() {
        for (var traffic : TrafficMode.values()) {
            var stack = of(HaMode.ACTIVE_PASSIVE, traffic, 2, router("a", 10, id(3)));

            assertThat(priorities(stack, 1)).as(traffic.name()).containsExactly(150);
            assertThat(priorities(stack, 2)).as(traffic.name()).containsExactly(100);
        }
    }

    @Test
    void goesByThePrimaryWhicheverIdItHas() {
        for (var traffic : List.of(TrafficMode.ACTIVE_PASSIVE, TrafficMode.MIXED)) {
            var stack = of(HaMode.ACTIVE_PASSIVE, traffic, 3, router("a", 10, null));
            var second = new StackSettings(
                    traffic,
                    stack.shared(),
                    stack.sides().stream()
                            .map(side -> side.asPrimary(side.instanceId().equals(id(2))))
                            .toList(),
                    stack.routers());

            assertThat(priorities(second, 2)).as(traffic.name()).containsExactly(150);
            assertThat(priorities(second, 3)).as(traffic.name()).containsExactly(100);
            assertThat(priorities(second, 1)).as(traffic.name()).containsExactly(51);
        }
    }

    @Test
    void movesNothingWithoutAMode() {
        assertThat(plan(of(HaMode.NONE, TrafficMode.ACTIVE_ACTIVE, 2, router("a", 10, null)), 1)
                        .routers())
                .isEmpty();
    }

    @Test
    void namesTheModeByTheNumberOfMembers() {
        assertThat(plan(of(HaMode.CLUSTER, TrafficMode.ACTIVE_ACTIVE, 2), 1)
                        .ha()
                        .mode())
                .isEqualTo(HaMode.ACTIVE_ACTIVE);
        assertThat(plan(of(HaMode.ACTIVE_ACTIVE, TrafficMode.ACTIVE_ACTIVE, 3), 1)
                        .ha()
                        .mode())
                .isEqualTo(HaMode.CLUSTER);
        assertThat(StackLabel.of(HaMode.NONE, 2)).isEqualTo(StackLabel.ACTIVE_ACTIVE);
        assertThat(StackLabel.of(HaMode.NONE, 5)).isEqualTo(StackLabel.CLUSTER);
        assertThat(StackLabel.of(HaMode.ACTIVE_PASSIVE, 2)).isEqualTo(StackLabel.ACTIVE_PASSIVE);
    }

    /** An owner goes down by 100 to hand over, and must be below everybody then; nobody is ever 255. */
    @Test
    void keepsEverybodyAboveAnOwnerThatHandsOver() {
        var ids = IntStream.rangeClosed(1, 200).mapToObj(Stackfuls::id).toList();
        for (var self : ids) {
            int priority = Planning.priority(ids, id(7), self);
            assertThat(priority).isBetween(51, 150);
            assertThat(priority == 150).isEqualTo(self.equals(id(7)));
        }
    }

    /** Two that stop waiting for adverts at nearly the same time both take over. */
    @Test
    void keepsStandbysAsFarFromEachOtherAsItCan() {
        assertThat(prioritiesOf(2)).containsExactly(150, 100);
        assertThat(prioritiesOf(3)).containsExactly(150, 100, 51);
        assertThat(prioritiesOf(4)).containsExactly(150, 100, 76, 52);
        assertThat(prioritiesOf(7)).containsExactly(150, 100, 91, 82, 73, 64, 55);
        assertThat(prioritiesOf(51)).endsWith(53, 52, 51).doesNotHaveDuplicates();
    }

    private static List<Integer> prioritiesOf(int members) {
        var ids = IntStream.rangeClosed(1, members).mapToObj(Stackfuls::id).toList();
        return ids.stream().map(self -> Planning.priority(ids, id(1), self)).toList();
    }

    @Test
    void ordersMembersByIdWithTheirPort() {
        var plan = plan(of(HaMode.ACTIVE_ACTIVE, TrafficMode.ACTIVE_ACTIVE, 3), 2);

        assertThat(plan.members()).extracting(InstancePlan.Member::instanceId).containsExactly(id(1), id(2), id(3));
        assertThat(plan.members()).extracting(InstancePlan.Member::port).containsOnly(10_101);
        assertThat(plan.members().getFirst().primary()).isTrue();
    }
}
