package io.garrison.reporting.jasper;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.licensing.SubLicenseId;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.tenancy.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageTotalsTests {

    private static final UUID ID = new UUID(1, 2);
    private static final Instant FROM = Instant.parse("2026-11-01T10:00:00Z");

    private final UsageTotals totals = new UsageTotals(ZoneOffset.UTC, id -> "edge-1");

    @Test
    void saysNothingOfFiguresThatAreExactAndComplete() {
        totals.add(record(5, Quality.EXACT, 1));

        assertThat(totals.note()).isEmpty();
    }

    @Test
    void tellsSilenceFromUsageThatWasSpread() {
        totals.add(record(0, Quality.ESTIMATED, 0));
        assertThat(totals.note()).isEqualTo("Of some hours nothing is known, because an instance was silent.");

        totals.add(record(5, Quality.ESTIMATED, 0.5));
        assertThat(totals.note())
                .contains("spread evenly")
                .contains("not complete yet")
                .contains("silent");
    }

    private static UsageRecord record(long quantity, Quality quality, double completeness) {
        return new UsageRecord(
                "id",
                new TenantId(ID),
                new SubLicenseId(ID),
                ID,
                ID,
                "shop",
                Metric.BYTES_IN,
                FROM,
                FROM.plusSeconds(3_600),
                BigDecimal.valueOf(quantity),
                quality,
                completeness,
                "PROXY");
    }
}
