package io.garrison.edge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.MemberHealth.Rules;
import io.garrison.edge.cluster.MemberHealth.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** PX-22, PX-23, DI-17 to DI-19: when a peer is healthy, suspect and lost, by the settings. */
class MemberHealthTests {

    private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    void isLostUntilTheFirstAnswerAndHealthyFromItOn() {
        var health = new MemberHealth(new Rules(3, 3, Duration.ofSeconds(15)));
        assertThat(health.status()).isEqualTo(Status.LOST);

        health.answered(START);

        assertThat(health.status()).isEqualTo(Status.HEALTHY);
        assertThat(health.lastSeen()).isEqualTo(START);
    }

    @Test
    void isSuspectAfterAsManyFailuresAsTheThresholdSays() {
        for (int threshold : new int[] {1, 3, 5}) {
            var health = new MemberHealth(new Rules(3, threshold, Duration.ofHours(1)));
            health.answered(START);
            for (int failures = 1; failures < threshold; failures++) {
                health.failed(START);
                assertThat(health.status()).isEqualTo(Status.HEALTHY);
            }
            health.failed(START);
            assertThat(health.status()).isEqualTo(Status.SUSPECT);
        }
    }

    @Test
    void isSuspectAtOnceWhenTheGroupLosesIt() {
        var health = new MemberHealth(new Rules(2, 3, Duration.ofSeconds(15)));
        health.answered(START);

        health.gone();

        assertThat(health.status()).isEqualTo(Status.SUSPECT);
    }

    @Test
    void isLostAfterAsManyIntervalsAsMayBeMissed() {
        for (int missed : new int[] {1, 3}) {
            var health = new MemberHealth(new Rules(3, 1, Duration.ofSeconds(5L * missed)));
            health.answered(START);
            health.failed(START.plusSeconds(5L * missed).minusMillis(1));
            assertThat(health.status()).isEqualTo(Status.SUSPECT);
            health.failed(START.plusSeconds(5L * missed));
            assertThat(health.status()).isEqualTo(Status.LOST);
        }
    }

    @Test
    void isHealthyAgainAfterAsManyAnswersAsTheThresholdSays() {
        for (int threshold : new int[] {1, 3}) {
            var health = new MemberHealth(new Rules(threshold, 1, Duration.ofSeconds(15)));
            health.answered(START);
            health.failed(START.plusSeconds(20));
            assertThat(health.status()).isEqualTo(Status.LOST);
            for (int answers = 1; answers < threshold; answers++) {
                health.answered(START.plusSeconds(20 + answers));
                assertThat(health.status()).isEqualTo(Status.SUSPECT);
            }
            health.answered(START.plusSeconds(30));
            assertThat(health.status()).isEqualTo(Status.HEALTHY);
        }
    }
}
