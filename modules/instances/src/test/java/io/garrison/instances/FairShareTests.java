package io.garrison.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.FairShare.Wish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FairShareTests {

    private static final long CAP = 50_000_000;

    private static InstanceId id(int number) {
        return new InstanceId(new UUID(1, number));
    }

    private static List<Long> split(Wish... wishes) {
        var shares = FairShare.split(CAP, List.of(wishes));
        return IntStream.range(0, wishes.length)
                .mapToObj(i -> shares.get(id(i)))
                .toList();
    }

    @Test
    void givesAllToTheOnlyOne() {
        assertThat(split(new Wish(id(0), 0, false))).containsExactly(CAP);
        assertThat(split(new Wish(id(0), 90_000_000, true))).containsExactly(CAP);
    }

    @Test
    void givesTheSameToAllThatWantMoreThanThereIs() {
        assertThat(split(new Wish(id(0), 60_000_000, true), new Wish(id(1), 1_000, true)))
                .containsExactly(CAP / 2, CAP / 2);
    }

    @Test
    void leavesWhatOneDoesNotWantToTheOther() {
        assertThat(split(new Wish(id(0), 8_000_000, false), new Wish(id(1), 1_000, true)))
                .as("a quarter more than it passes")
                .containsExactly(10_000_000L, 40_000_000L);
    }

    @Test
    void keepsAFloorForWhoPassesNothing() {
        assertThat(split(new Wish(id(0), 0, false), new Wish(id(1), CAP, true)))
                .containsExactly(CAP / 200, CAP - CAP / 200);
    }

    @Test
    void spreadsWhatNobodyWantsEvenly() {
        assertThat(split(new Wish(id(0), 8_000_000, false), new Wish(id(1), 16_000_000, false)))
                .containsExactly(20_000_000L, 30_000_000L);
    }

    @RepeatedTest(200)
    void isMaxMinFairAndNeverGivesMoreThanThereIs(RepetitionInfo turn) {
        var random = new Random(turn.getCurrentRepetition());
        var wishes = new ArrayList<Wish>();
        for (int i = 0; i < 1 + random.nextInt(40); i++) {
            wishes.add(new Wish(id(i), random.nextLong(CAP), random.nextInt(4) == 0));
        }
        var shares = FairShare.split(CAP, wishes);

        assertThat(shares.values().stream().mapToLong(Long::longValue).sum()).isBetween(CAP - 2L * wishes.size(), CAP);
        assertThat(shares.values()).allMatch(share -> share >= FairShare.floorBps(CAP, wishes.size()));
        long most = shares.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        for (var wish : wishes) {
            long share = shares.get(wish.instance());
            if (share < wish.wantedBps(CAP)) {
                assertThat(share)
                        .as("who wants more has as much as anybody")
                        .isGreaterThanOrEqualTo(most - wishes.size());
            }
        }
    }
}
