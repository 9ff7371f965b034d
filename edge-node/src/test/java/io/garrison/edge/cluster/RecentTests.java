package io.garrison.edge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.MovedClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** DI-T09, DI-T22, DI-T23: what counts as lately. */
class RecentTests {

    private final MovedClock clock = new MovedClock();
    private final Recent recent = new Recent(clock);

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        recent.happened();
        clock.move(Recent.WINDOW.minusSeconds(1));
        recent.happened();
        assertThat(recent.count()).isEqualTo(2);
        clock.move(Duration.ofSeconds(2));
        assertThat(recent.count()).isEqualTo(1);
    }

    @Test
    void forgetsWhatLiesAheadOfAClockThatIsSetBack() {
        recent.happened();
        clock.move(Duration.ofHours(-1));
        assertThat(recent.count()).isZero();
    }

    @Test
    void countsNoFurtherThanItsBound() {
        for (int i = 0; i < 1_000; i++) {
            recent.happened();
        }
        assertThat(recent.count()).isEqualTo(100);
    }
}
