package io.garrison.reporting.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no register may break that is billed. */
class TelemetryRulesTests {

    private static final Instant NOW = Instant.parse("2026-11-20T10:02:00Z");

    private final UUID instance = UUID.randomUUID();

    @Test
    void takesAClockThatIsTenMinutesAheadAndTellsEarlyFromWrong() {
        assertThat(broken(NOW, 0)).isNull();
        assertThat(broken(NOW.plus(Duration.ofMinutes(10)), 0)).isNull();
        assertThat(broken(NOW.plus(Duration.ofMinutes(10)).plusMillis(1), 0)).isEqualTo(TelemetryRules.TIME_IN_FUTURE);
        assertThat(broken(Instant.parse("2019-12-31T23:59:59Z"), 0)).isEqualTo("time-too-old");
    }

    /** Else usage could be moved to a month that has not come, whatever the time of the reading is. */
    @Test
    void judgesTheIntervalToo() {
        assertThat(broken(NOW, 2)).isNull();
        assertThat(broken(NOW, 3)).isEqualTo(TelemetryRules.TIME_IN_FUTURE);
        assertThat(broken(NOW, -2_000_000)).isEqualTo("time-too-old");
    }

    /** A stream is of one instance, whoever sends it. */
    @Test
    void takesNoStreamOfAnother() {
        var other = UUID.randomUUID();

        assertThat(TelemetryRules.broken(meter(NOW, 0, registers -> registers), other, NOW))
                .isEqualTo("stream-foreign");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void takesNoRegisterThatCannotBe(int register) {
        for (long impossible : new long[] {-1, (1L << 62) + 1}) {
            var meter = meter(NOW, 0, registers -> {
                registers[register] = impossible;
                return registers;
            });

            assertThat(TelemetryRules.broken(meter, instance, NOW)).isEqualTo("out-of-range");
        }
    }

    private String broken(Instant at, long later) {
        return TelemetryRules.broken(meter(at, later, registers -> registers), instance, NOW);
    }

    /** @param later how many intervals after the reading */
    private MeterRecord meter(Instant at, long later, UnaryOperator<long[]> change) {
        var registers = change.apply(new long[] {1L << 62, 1, 1, 1, 1, 1});
        return new MeterRecord(
                MeterRecord.streamOf(instance, "shop", Source.PROXY),
                "shop",
                1,
                -5,
                1,
                MeterRecord.bucketOf(at) + later,
                Kind.CLOSE,
                at,
                Source.PROXY,
                registers[0],
                registers[1],
                registers[2],
                registers[3],
                registers[4],
                registers[5],
                true);
    }
}
