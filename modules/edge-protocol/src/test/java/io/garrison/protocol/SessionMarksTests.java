package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.Availability.DrillResult;
import java.time.Instant;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a router's sessions came along when its addresses moved. */
class SessionMarksTests {

    private static final UUID DRILL = new UUID(4, 2);

    private static SessionMarks marks(int clients, IntPredicate which, String member) {
        var marks = new SessionMarks(DRILL);
        for (int i = 0; i < clients; i++) {
            if (which.test(i)) {
                marks.add("be_shop_web", "::ffff:10.0." + i / 256 + "." + i % 256, member);
            }
        }
        return marks;
    }

    private static SessionMarks all(int clients) {
        return marks(clients, client -> true, "srv_1");
    }

    private static DrillResult told(@Nullable SessionMarks marks) {
        return new DrillResult(
                DRILL,
                "",
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null,
                marks == null ? null : marks.total(),
                null,
                marks == null ? null : marks.lowest());
    }

    private static int kept(SessionMarks had, SessionMarks has) {
        return SessionMarks.kept(told(had), told(has)).orElseThrow();
    }

    @Test
    void countsThoseThatLeadToTheSameMember() {
        assertThat(kept(all(7), all(7))).isEqualTo(7);
        assertThat(kept(all(7), marks(7, client -> client != 3, "srv_1"))).isEqualTo(6);
        assertThat(kept(all(7), marks(7, client -> true, "srv_2"))).isZero();
        assertThat(kept(all(7), all(0))).isZero();
        assertThat(kept(all(0), all(7))).isZero();
        assertThat(kept(all(7), all(900)))
                .as("clients that came meanwhile count for nothing")
                .isEqualTo(7);
    }

    @Test
    void tellsEntriesOfOneClientInTwoTablesApart() {
        var had = new SessionMarks(DRILL);
        had.add("be_shop_web", "::1", "srv_1");
        had.add("be_shop_api", "::1", "srv_1");
        var has = new SessionMarks(DRILL);
        has.add("be_shop_api", "::1", "srv_1");

        assertThat(kept(had, has)).isEqualTo(1);
    }

    @Test
    void worksItOutFromSomeOfThemIfThereAreMany() {
        assertThat(all(100_000).lowest()).hasSize(SessionMarks.MOST).isSorted();
        assertThat(kept(all(100_000), all(100_000))).isEqualTo(100_000);
        assertThat(kept(all(100_000), all(120_000)))
                .as("with others beside them")
                .isEqualTo(100_000);
        assertThat(kept(all(100_000), marks(100_000, client -> client % 4 != 0, "srv_1")))
                .isBetween(72_000, 78_000);
        assertThat(kept(all(100_000), all(0))).isZero();
    }

    @Test
    void saysNothingIfOneOfThemDidNot() {
        assertThat(SessionMarks.kept(told(null), told(all(1)))).isEmpty();
        assertThat(SessionMarks.kept(told(all(1)), told(null))).isEmpty();
        assertThat(SessionMarks.kept(told(marks(3, client -> client == 2, "srv_1")), told(all(200_000))))
                .as("one of 200,000 is not among the thousand that are told")
                .isEmpty();
    }

    @Test
    void saysNothingOfAListThatContradictsItself() {
        var nonsense =
                new DrillResult(DRILL, "", Instant.EPOCH, null, null, null, null, null, 5, null, java.util.List.of());

        assertThat(SessionMarks.kept(told(all(1)), nonsense)).isEmpty();
        assertThat(SessionMarks.kept(nonsense, told(all(1)))).isEmpty();
    }

    @Test
    void marksTheSameClientAnewInEachRehearsal() {
        var another = new SessionMarks(UUID.randomUUID());
        another.add("be_shop_web", "::ffff:10.0.0.0", "srv_1");

        assertThat(another.lowest()).doesNotContainAnyElementsOf(all(1).lowest());
    }
}
