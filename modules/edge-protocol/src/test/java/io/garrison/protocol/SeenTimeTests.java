package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.SeenTime.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Clock faults as quality asks for: back, far ahead, ahead and back, with a restart in between. */
class SeenTimeTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final SeenTime steady = SeenTime.NOTHING.observe(NOW);

    private static Instant days(long days) {
        return NOW.plus(Duration.ofDays(days));
    }

    /** What a restart keeps. */
    private static SeenTime restarted(SeenTime time) {
        return ProtocolJson.read(ProtocolJson.write(time), SeenTime.class);
    }

    @Test
    void followsAClockThatRuns() {
        var later = steady.observe(days(1)).observe(days(30));

        assertThat(later.mark()).isEqualTo(days(30));
        assertThat(later.state(days(30))).isEqualTo(State.STEADY);
    }

    @Test
    void standsStillWhileTheClockIsBehind() {
        var behind = restarted(steady.observe(days(-30)));

        assertThat(behind.mark()).isEqualTo(NOW);
        assertThat(behind.state(days(-30))).isEqualTo(State.BEHIND);
        assertThat(behind.state(NOW.minusSeconds(3_600)))
                .as("an hour is tolerated")
                .isEqualTo(State.STEADY);
        assertThat(behind.observe(NOW.plusSeconds(1)).mark()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void doesNotBelieveAJumpAndRunsOnAtTheClocksPace() {
        var jumped = restarted(steady.observe(days(60)));
        assertThat(jumped.mark()).isEqualTo(NOW);
        assertThat(jumped.state(days(60))).isEqualTo(State.AHEAD);

        var ranOn = restarted(jumped.observe(days(61)));
        assertThat(ranOn.mark()).as("time does not stand still either").isEqualTo(days(1));

        var back = ranOn.observe(days(1).plusSeconds(5));
        assertThat(back.jump()).isNull();
        assertThat(back.mark()).isEqualTo(days(1).plusSeconds(5));
    }

    @Test
    void believesAJumpThatLastsOrIsConfirmedOrAttested() {
        var jumped = steady.observe(days(60));
        assertThat(jumped.settled(days(60)).mark()).isEqualTo(NOW);
        var almost = jumped.observe(days(60).plus(SeenTime.PATIENCE).minusSeconds(1));
        assertThat(almost.settled(days(63)).jump()).isNotNull();
        var lasted = jumped.observe(days(60).plus(SeenTime.PATIENCE));
        assertThat(lasted.settled(days(63)).mark()).isEqualTo(days(63));

        assertThat(jumped.confirmed(days(60)).mark()).isEqualTo(days(60));
        assertThat(jumped.attested(days(59)).observe(days(60)).jump()).isNull();
        assertThat(jumped.attested(days(59)).observe(days(60)).mark()).isEqualTo(days(60));
    }

    @Test
    void countsEveryFurtherJumpAnew() {
        var jumped = steady.observe(days(60)).observe(days(61));
        var again = jumped.observe(days(200));

        assertThat(again.mark()).isEqualTo(days(1));
        assertThat(again.jump()).isEqualTo(new SeenTime.Jump(Duration.ofDays(199), days(1)));
        assertThat(again.observe(days(201)).mark()).isEqualTo(days(2));
        var nearer = again.observe(days(100));
        assertThat(nearer.mark())
                .as("a clock that goes half way back wins nothing")
                .isEqualTo(days(1));
        assertThat(nearer.observe(days(101)).mark()).isEqualTo(days(2));
    }

    @Test
    void takesWhatWasWrittenHereAsProofOfATimeButNotOfAJump() {
        assertThat(SeenTime.NOTHING.written(days(5)).observe(days(-5)).mark()).isEqualTo(days(5));
        assertThat(steady.written(days(30)).mark()).isEqualTo(days(30));
        assertThat(steady.written(days(31)).mark()).isEqualTo(NOW);
        assertThat(steady.written(days(-1)).mark()).isEqualTo(NOW);
        assertThat(steady.written(null)).isEqualTo(steady);
        assertThat(steady.attested(days(31)).mark()).isEqualTo(days(31));
    }
}
