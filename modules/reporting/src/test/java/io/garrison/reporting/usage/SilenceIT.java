package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Silence is on the bill for hours that are over, as long as the instance was there (ADR 24). */
class SilenceIT {

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-20T15:30:00Z");

    private final StoredRegisters registers = new StoredRegisters(NOW);

    @Test
    void endsWithTheHourThatIsRunning() {
        hear(UUID.randomUUID());

        assertThat(silentHours()).containsExactly(11, 12, 13, 14);
    }

    @Test
    void endsWithTheInstanceThatLeft() {
        var instance = UUID.randomUUID();
        hear(instance);
        registers.left.put(instance, Instant.parse("2026-11-20T13:20:00Z"));

        assertThat(silentHours()).containsExactly(11, 12);
    }

    /** The clock of who decommissioned it may be ahead of this one. */
    @Test
    void endsNoLaterForAnInstanceThatLeavesInTheFuture() {
        var instance = UUID.randomUUID();
        hear(instance);
        registers.left.put(instance, NOW.plusSeconds(7_200));

        assertThat(silentHours()).containsExactly(11, 12, 13, 14);
    }

    @Test
    void endsForEachInstanceByItself() {
        var instance = UUID.randomUUID();
        hear(instance);
        hear(UUID.randomUUID());
        registers.left.put(instance, Instant.parse("2026-11-20T12:00:00Z"));

        assertThat(silentHours()).containsExactlyInAnyOrder(11, 11, 12, 13, 14);
    }

    private List<Integer> silentHours() {
        var query = new UsageQuery(TEN, TEN.plusSeconds(36_000), registers.tenant, null);
        return registers.ledger.page(query, null, 1_000).items().stream()
                .filter(UsageRecord::isSilence)
                .filter(line -> line.metric() == UsageRecord.Metric.BYTES_IN)
                .map(line -> line.from().atZone(ZoneOffset.UTC).getHour())
                .toList();
    }

    /** One reading at five past ten, and nothing after it. */
    private void hear(UUID instance) {
        registers.hear(instance, 1, TEN.plusSeconds(300), 1);
    }
}
