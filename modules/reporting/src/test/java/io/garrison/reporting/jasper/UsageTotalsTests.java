package io.garrison.reporting.jasper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.garrison.licensing.SubLicenseId;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.tenancy.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
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

    /** What was spread over an hour of which nothing came is usage, and billed. */
    @Test
    void takesUsageThatWasSpreadOverASilentHourForNoSilence() {
        totals.add(record(7, Quality.ESTIMATED, 0));

        assertThat(totals.note()).contains("spread evenly", "not complete yet").doesNotContain("silent");
    }

    /** Of nothing that is used in part of an hour there is a part that is known. */
    @Test
    void takesNothingThatWasUsedForNoSilence() {
        totals.add(record(0, Quality.ESTIMATED, 0.5));
        totals.add(record(0, Quality.EXACT, 0));

        assertThat(totals.note()).contains("spread evenly", "not complete yet").doesNotContain("silent");
    }

    @Test
    void addsWhatWasUsedAndTakesTheHighestPeak() {
        for (long quantity : new long[] {5, 9, 7}) {
            totals.add(record(quantity, Quality.EXACT, 1));
            totals.add(record(Metric.PEAK_BPS, FROM, quantity, Quality.EXACT, 1));
        }

        assertThat(totals.rows()).hasSize(2).allSatisfy(row -> {
            assertThat(row.get("bytesIn")).isEqualTo(BigDecimal.valueOf(21));
            assertThat(row.get("peakBps")).isEqualTo(BigDecimal.valueOf(9));
        });
    }

    /** An hour counts for the day in which it begins there, in zones that are half an hour apart from UTC too. */
    @Test
    void cutsDaysInTheZoneOfTheTenant() {
        var inIndia = new UsageTotals(ZoneId.of("Asia/Kolkata"), id -> "edge-1");
        for (var from : List.of("2026-11-01T17:00:00Z", "2026-11-01T18:00:00Z", "2026-11-01T19:00:00Z")) {
            inIndia.add(record(Metric.BYTES_IN, Instant.parse(from), 5, Quality.EXACT, 1));
        }

        assertThat(inIndia.rows())
                .filteredOn(row -> "By day".equals(row.get("section")))
                .extracting(row -> row.get("label"), row -> row.get("bytesIn"))
                .containsExactly(
                        tuple("2026-11-01", BigDecimal.valueOf(10)), tuple("2026-11-02", BigDecimal.valueOf(5)));
    }

    private static UsageRecord record(long quantity, Quality quality, double completeness) {
        return record(Metric.BYTES_IN, FROM, quantity, quality, completeness);
    }

    private static UsageRecord record(
            Metric metric, Instant from, long quantity, Quality quality, double completeness) {
        return new UsageRecord(
                "id",
                new TenantId(ID),
                new SubLicenseId(ID),
                ID,
                ID,
                "shop",
                metric,
                from,
                from.plusSeconds(3_600),
                BigDecimal.valueOf(quantity),
                quality,
                completeness,
                "PROXY");
    }
}
