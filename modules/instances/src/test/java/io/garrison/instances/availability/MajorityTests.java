package io.garrison.instances.availability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MajorityTests {

    private static Set<UUID> first(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Stackfuls::id).collect(Collectors.toSet());
    }

    private static boolean decides(int members, @Nullable UUID primary, Set<UUID> present) {
        return Majority.isOf(first(members), primary, present);
    }

    @Test
    void isMoreThanHalfAndOfTwoThePrimary() {
        assertThat(decides(3, null, first(2))).isTrue();
        assertThat(decides(3, Stackfuls.id(1), first(1))).isFalse();
        assertThat(decides(4, null, first(2))).isFalse();
        assertThat(decides(2, Stackfuls.id(1), Set.of(Stackfuls.id(1)))).isTrue();
        assertThat(decides(2, Stackfuls.id(1), Set.of(Stackfuls.id(2)))).isFalse();
        assertThat(decides(2, null, first(1))).isFalse();
        assertThat(decides(1, null, Set.of())).isFalse();
        assertThat(decides(3, null, Set.of(Stackfuls.id(1), Stackfuls.id(8), Stackfuls.id(9))))
                .as("strangers do not count")
                .isFalse();
    }

    /** So whoever can decide may do without one that is absent, again and again. */
    @Test
    void isStillThereWithOneAbsentMemberFewer() {
        for (int size = 2; size <= 7; size++) {
            for (int bits = 0; bits < 1 << size; bits++) {
                var members = first(size);
                var present = new HashSet<UUID>();
                for (int at = 0; at < size; at++) {
                    if ((bits & 1 << at) != 0) {
                        present.add(Stackfuls.id(at + 1));
                    }
                }
                if (!Majority.isOf(members, Stackfuls.id(1), present)) {
                    continue;
                }
                for (var absent : members) {
                    if (!present.contains(absent)) {
                        var fewer = new HashSet<>(members);
                        fewer.remove(absent);
                        assertThat(Majority.isOf(fewer, Stackfuls.id(1), present))
                                .as("%s of %s without %s", present, members, absent)
                                .isTrue();
                    }
                }
            }
        }
    }
}
