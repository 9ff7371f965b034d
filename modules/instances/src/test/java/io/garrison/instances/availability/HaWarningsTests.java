package io.garrison.instances.availability;

import static io.garrison.instances.availability.Stackfuls.of;
import static io.garrison.instances.availability.Stackfuls.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HA-03, HC-16, DI-07, DI-08: what is allowed and not wise. */
class HaWarningsTests {

    private static final long GIGABIT = 1_000_000_000;

    private static List<String> codes(StackSettings settings, Long licensed) {
        return HaWarnings.of(settings, Placement.of(settings, Policy.EMPTY), licensed).stream()
                .map(Warning::code)
                .toList();
    }

    private static StackSettings cluster(Long... capacities) {
        var bare = of(HaMode.CLUSTER, TrafficMode.ACTIVE_ACTIVE, capacities.length);
        var sides = new ArrayList<Side>();
        for (int at = 0; at < capacities.length; at++) {
            var side = bare.sides().get(at);
            sides.add(new Side(side.instanceId(), side.ha(), side.linkPairs(), capacities[at]));
        }
        return new StackSettings(bare.trafficMode(), bare.shared(), sides, List.of());
    }

    @Test
    void warnsOfThePortOfMemcachedAndOfTheOneBefore() {
        var pair = of(HaMode.ACTIVE_ACTIVE, TrafficMode.ACTIVE_ACTIVE, 2);

        assertThat(codes(with(pair, new SharedSettings(HaMode.ACTIVE_ACTIVE, 11_211, 2_000, 2)), null))
                .containsExactly("ha.memcached-port");
        assertThat(codes(with(pair, new SharedSettings(HaMode.ACTIVE_ACTIVE, 11_210, 2_000, 2)), null))
                .containsExactly("ha.memcached-port");
        assertThat(codes(pair, null)).isEmpty();
    }

    @Test
    void warnsWhenTheStackCannotDoWithoutItsStrongest() {
        assertThat(codes(cluster(3 * GIGABIT, GIGABIT, GIGABIT), 2 * GIGABIT)).isEmpty();
        assertThat(codes(cluster(3 * GIGABIT, GIGABIT, GIGABIT), 2 * GIGABIT + 1))
                .containsExactly("ha.capacity");
        assertThat(codes(cluster(3 * GIGABIT, null, GIGABIT), 9 * GIGABIT))
                .as("nobody said")
                .isEmpty();
    }

    @Test
    void warnsOfMoreThanSevenMembers() {
        assertThat(codes(cluster(new Long[7]), null)).isEmpty();
        assertThat(codes(cluster(new Long[9]), null)).containsExactly("ha.many-members");
        assertThat(codes(cluster(new Long[8]), null)).containsExactly("ha.even-members", "ha.many-members");
    }

    @Test
    void warnsOfOneMemberAndOfEvenNumbers() {
        assertThat(codes(cluster(new Long[] {null}), null)).containsExactly("ha.single-member");
        assertThat(codes(cluster(null, null, null, null), null)).containsExactly("ha.even-members");
        assertThat(List.of(1, 2, 3, 4, 5, 7))
                .extracting(HaWarnings::toleratedFailures)
                .as("of a pair only the primary decides alone")
                .containsExactly(0, 0, 1, 1, 2, 3);
    }
}
