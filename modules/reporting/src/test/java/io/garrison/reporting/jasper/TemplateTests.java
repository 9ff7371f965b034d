package io.garrison.reporting.jasper;

import static org.assertj.core.api.Assertions.assertThat;

import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.parser.PdfTextExtractor;
import io.garrison.instances.DrillHistory;
import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.State;
import io.garrison.instances.InstanceId;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill.Kind;
import io.garrison.reporting.ReportCatalog.Format;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.tenancy.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The monthly usage report in its four formats. */
class TemplateTests {

    private static final UUID INSTANCE = UUID.randomUUID();

    @Test
    void addsUpToTheUsageRecords() throws IOException {
        var totals = new UsageTotals(ZoneOffset.UTC, id -> "edge-1");
        for (var hour = 0; hour < 60; hour++) {
            totals.add(record("shop", hour, Metric.BYTES_OUT, 1_000_000_000_007L));
            totals.add(record("mail", hour, Metric.BYTES_OUT, 3));
        }

        var files = Template.load("usage-monthly").export(parameters("Müller & Söhne €"), totals.rows());

        var csv = new String(files.get(Format.CSV), StandardCharsets.UTF_8);
        assertThat(csv.lines().filter(line -> line.startsWith("Total")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("60000000000600"));
        assertThat(csv).contains("shop", "edge-1", "60000000000420", "2026-03-01", "2026-03-03", "Müller & Söhne €");
        assertThat(sheet(files.get(Format.XLSX)))
                .as("a number, not a text")
                .contains("t=\"n\"><v>6.00000000006E13</v>");
        assertThat(new String(files.get(Format.HTML), StandardCharsets.UTF_8))
                .contains("60,000,000,000,600", "Müller &amp; Söhne €");
        assertThat(new String(files.get(Format.PDF), 0, 5, StandardCharsets.US_ASCII))
                .isEqualTo("%PDF-");
    }

    /** HC: rehearsals stand in the report with their date and what they took. */
    @Test
    void tellsWhatRehearsedFailoversTook() throws IOException {
        var drills = new DrillLines(
                ZoneId.of("Europe/Berlin"),
                List.of(
                        new DrillHistory.Entry(
                                "main",
                                drill(
                                        State.DONE,
                                        "each quarter",
                                        told(70L, null, null, 6),
                                        told(null, 1_250L, 4, 9),
                                        null)),
                        new DrillHistory.Entry(
                                "main",
                                drill(
                                        State.FAILED,
                                        "=cmd|' /C calc'!A0",
                                        null,
                                        null,
                                        "not all instances were healthy"))));
        var rows = new ArrayList<>(row());
        rows.addAll(drills.rows());

        var files = Template.load("usage-monthly").export(parameters("Acme"), rows);

        var csv = new String(files.get(Format.CSV), StandardCharsets.UTF_8);
        assertThat(csv.lines().filter(line -> line.startsWith("Total")))
                .as("of usage alone")
                .hasSize(2);
        assertThat(csv.lines().filter(line -> line.contains("main, web")))
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "2026-03-01 14:00:00",
                                "Graceful, 10 s",
                                "Done",
                                "70",
                                "1250",
                                "3 of 100 probes failed; 4 of 6 sessions kept"))
                .anySatisfy(line -> assertThat(line)
                        .contains("Failed", "not all instances were healthy", "'=cmd|")
                        .doesNotContain(",=", "\"="));
        assertThat(sheet(files.get(Format.XLSX))).contains("t=\"n\"><v>1250.0</v>");
        assertThat(new String(files.get(Format.HTML), StandardCharsets.UTF_8))
                .contains("Failover rehearsals", "1,250", "each quarter");
        assertThat(text(files.get(Format.PDF))).contains("Failover rehearsals", "14:00:00", "1,250", "each quarter");
    }

    @Test
    void saysThatNoFailoverWasRehearsed() {
        assertThat(new DrillLines(ZoneOffset.UTC, List.of()).note())
                .isEqualTo("No failover was rehearsed in this period.");
    }

    private static DrillSummary drill(
            State state,
            String reason,
            @Nullable DrillResult yielded,
            @Nullable DrillResult probed,
            @Nullable String problem) {
        return new DrillSummary(
                INSTANCE,
                "web",
                Kind.GRACEFUL,
                state,
                Instant.parse("2026-03-01T13:00:00Z"),
                10,
                reason,
                new InstanceId(INSTANCE),
                new InstanceId(INSTANCE),
                Instant.EPOCH,
                "nina",
                yielded,
                probed,
                problem,
                false);
    }

    private static DrillResult told(
            @Nullable Long takeover, @Nullable Long gap, @Nullable Integer kept, @Nullable Integer sessions) {
        return new DrillResult(INSTANCE, "", Instant.EPOCH, takeover, gap, 100, 3, kept, sessions, null);
    }

    private static String text(byte[] pdf) throws IOException {
        try (var reader = new PdfReader(pdf)) {
            return new PdfTextExtractor(reader).getTextFromPage(1);
        }
    }

    @Test
    void saysThatNothingWasUsed() {
        var files = Template.load("usage-monthly").export(parameters("Empty"), List.of());

        assertThat(new String(files.get(Format.CSV), StandardCharsets.UTF_8)).contains("Nothing was used");
    }

    @Test
    void keepsNamesFromBecomingFormulasOrMarkup() {
        var name = "=HYPERLINK(\"http://evil\")<script>alert(1)</script>";
        var files = Template.load("usage-monthly").export(parameters(name), row());

        assertThat(new String(files.get(Format.CSV), StandardCharsets.UTF_8).lines())
                .noneMatch(line -> line.startsWith("=") || line.startsWith("\"="));
        assertThat(new String(files.get(Format.HTML), StandardCharsets.UTF_8)).doesNotContain("<script>");
    }

    @Test
    void tellsWhatIsEstimated() {
        var totals = new UsageTotals(ZoneOffset.UTC, UUID::toString);
        totals.add(record("shop", 1, Metric.REQUESTS, 1));
        assertThat(totals.note()).isEmpty();

        totals.add(new UsageRecord(
                "x",
                new TenantId(INSTANCE),
                new SubLicenseId(INSTANCE),
                INSTANCE,
                INSTANCE,
                "shop",
                Metric.REQUESTS,
                Instant.EPOCH,
                Instant.EPOCH,
                BigDecimal.ONE,
                Quality.ESTIMATED,
                0.5,
                "PROXY"));
        assertThat(totals.note()).contains("estimated", "not complete");
    }

    private static java.util.Collection<Map<String, ?>> row() {
        var totals = new UsageTotals(ZoneOffset.UTC, UUID::toString);
        totals.add(record("shop", 1, Metric.REQUESTS, 1));
        return totals.rows();
    }

    private static Map<String, String> parameters(String tenant) {
        return Map.of("TENANT", tenant, "PERIOD", "2026-03-01 to 2026-04-01", "NOTE", "");
    }

    private static UsageRecord record(String service, int hour, Metric metric, long quantity) {
        var from = Instant.parse("2026-03-01T00:00:00Z").plusSeconds(hour * 3_600L);
        return new UsageRecord(
                service + hour,
                new TenantId(INSTANCE),
                new SubLicenseId(INSTANCE),
                INSTANCE,
                INSTANCE,
                service,
                metric,
                from,
                from.plusSeconds(3_600),
                BigDecimal.valueOf(quantity),
                Quality.EXACT,
                1,
                "PROXY");
    }

    private static String sheet(byte[] xlsx) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(xlsx))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith("sheet1.xml")) {
                    return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        throw new IOException("no sheet");
    }
}
