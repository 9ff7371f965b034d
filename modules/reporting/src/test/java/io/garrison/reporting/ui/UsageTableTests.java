package io.garrison.reporting.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.licensing.SubLicenseId;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.tenancy.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTableTests {

    private static final Instant HOUR = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant LATER = HOUR.plusSeconds(86_400);

    @Test
    void addsQuantitiesUpAndTakesTheHighestPeak() {
        var totals = new UsageTable.Totals(UsageRecord::virtualService, LATER);
        totals.add(record("shop", Metric.BYTES_OUT, "100", Quality.EXACT, 1));
        totals.add(record("shop", Metric.BYTES_OUT, "23", Quality.EXACT, 1));
        totals.add(record("shop", Metric.PEAK_BPS, "7", Quality.EXACT, 1));
        totals.add(record("mail", Metric.PEAK_BPS, "9", Quality.EXACT, 1));

        assertThat(totals.total().get(Metric.BYTES_OUT)).isEqualByComparingTo("123");
        assertThat(totals.total().get(Metric.PEAK_BPS)).isEqualByComparingTo("9");
        assertThat(totals.lines()).extracting(UsageTable.Line::key).containsExactly("shop", "mail");
    }

    @Test
    void saysWhenAPartIsEstimatedOrMissing() {
        var totals = new UsageTable.Totals(UsageRecord::virtualService, LATER);
        totals.add(record("shop", Metric.REQUESTS, "1", Quality.EXACT, 1));
        totals.add(record("shop", Metric.REQUESTS, "1", Quality.ESTIMATED, 0.5));

        assertThat(totals.total().estimated()).isTrue();
        assertThat(totals.total().completeness()).isEqualTo(0.75);
    }

    @Test
    void callsAnHourThatRunsStillCountingAndNotIncomplete() {
        var during = new UsageTable.Totals(UsageRecord::virtualService, HOUR.plusSeconds(1_800));
        during.add(record("shop", Metric.REQUESTS, "1", Quality.EXACT, 0.5));
        var justAfter = new UsageTable.Totals(UsageRecord::virtualService, HOUR.plusSeconds(3_660));
        justAfter.add(record("shop", Metric.REQUESTS, "1", Quality.EXACT, 0.9));
        var later = new UsageTable.Totals(UsageRecord::virtualService, HOUR.plusSeconds(3_800));
        later.add(record("shop", Metric.REQUESTS, "1", Quality.EXACT, 0.9));

        assertThat(during.total().running()).isTrue();
        assertThat(during.total().completeness()).isEqualTo(1);
        assertThat(justAfter.total().running()).isTrue();
        assertThat(later.total().running()).isFalse();
        assertThat(later.total().completeness()).isEqualTo(0.9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx"})
    void exportsNoCellThatASpreadsheetTakesForAFormula(String evil) {
        assertThat(UsageExport.cell(evil)).matches("\"?'.*\"?");
    }

    @Test
    void quotesWhatWouldBreakALine() {
        assertThat(UsageExport.cell("a,\"b\"\n")).isEqualTo("\"a,\"\"b\"\"\n\"");
    }

    private static UsageRecord record(
            String service, Metric metric, String quantity, Quality quality, double complete) {
        return new UsageRecord(
                "id",
                new TenantId(new UUID(0, 1)),
                new SubLicenseId(new UUID(0, 2)),
                new UUID(0, 3),
                new UUID(0, 4),
                service,
                metric,
                HOUR,
                HOUR.plusSeconds(3_600),
                new BigDecimal(quantity),
                quality,
                complete,
                "PROXY");
    }
}
