package io.garrison.edge.agent;

import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.doctor.Diagnosis;
import io.garrison.edge.doctor.Finding;
import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.doctor.Layer;
import io.garrison.protocol.Examination;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An examination that management wants: made once, beside the heartbeat, and told until management has it. */
class ExaminingTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final UUID first = UUID.randomUUID();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger news = new AtomicInteger();

    @Test
    void tellsTheFindingsUntilManagementWantsThemNoLonger() throws Exception {
        var examining = examining(ExaminingTests::diagnosis, LONG);
        assertThat(examining.told()).isNull();
        examining.answered(first);
        await("the end", SOON, () -> news.get() == 1);

        var told = examining.told();
        assertThat(told.id()).isEqualTo(first);
        assertThat(told.problem()).isNull();
        assertThat(told.endedAt()).isAfterOrEqualTo(told.startedAt());
        assertThat(told.findings())
                .containsExactly(new Examination.Finding("gateway.port", "GATEWAY", "BAD", "it refuses", "Open it."));

        // The report may have been lost on the way.
        examining.answered(first);
        assertThat(examining.told()).isEqualTo(told);
        examining.answered(null);
        assertThat(examining.told()).isNull();
        // An answer that was late.
        examining.answered(first);
        assertThat(looks).hasValue(1);

        examining.answered(UUID.randomUUID());
        await("another", SOON, () -> news.get() == 2);
        assertThat(looks).hasValue(2);
    }

    @Test
    void keepsNobodyWaitingAndGivesUp() throws Exception {
        var examining = examining(
                () -> {
                    new CountDownLatch(1).await();
                    return diagnosis();
                },
                Duration.ofMillis(50));
        examining.answered(first);
        await("the end", SOON, () -> news.get() == 1);
        assertThat(examining.told().findings()).isEmpty();
        assertThat(examining.told().problem()).contains("not come to its end");
    }

    @Test
    void saysThatItFailed() throws Exception {
        var examining = examining(
                () -> {
                    throw new IllegalStateException("a fault of a probe");
                },
                LONG);
        examining.answered(first);
        await("the end", SOON, () -> news.get() == 1);
        assertThat(examining.told().problem()).contains("a fault of a probe");
    }

    @Test
    void tellsOnlyOfTheOneThatIsWanted() throws Exception {
        var go = new CountDownLatch(1);
        var examining = examining(
                () -> {
                    if (looks.get() == 1) {
                        go.await();
                    }
                    return diagnosis();
                },
                LONG);
        examining.answered(first);
        await("the first is at it", SOON, () -> looks.get() == 1);
        var second = UUID.randomUUID();
        examining.answered(second);
        await("the second", SOON, () -> news.get() == 1);
        go.countDown();
        assertThat(examining.told().id()).isEqualTo(second);
    }

    private Examining examining(Callable<Diagnosis> doctor, Duration limit) {
        return new Examining(
                () -> {
                    looks.incrementAndGet();
                    return doctor.call();
                },
                limit,
                news::incrementAndGet,
                Clock.systemUTC());
    }

    private static Diagnosis diagnosis() {
        return new Diagnosis(
                List.of(new Finding("gateway.port", Layer.GATEWAY, Outcome.BAD, "it refuses", "Open it.")));
    }
}
