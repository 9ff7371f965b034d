package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.SubLicenseChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LicenseWordsTests {

    private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");

    @Test
    void writesNoNumberWithoutItsUnit() {
        assertThat(plain(LicenseWords.quantity(Metric.INSTANCES, 1))).isEqualTo("1 instance");
        assertThat(plain(LicenseWords.quantity(Metric.THROUGHPUT_BPS, 2_500_000_000L)))
                .isEqualTo("2 500 Mbit/s");
        assertThat(plain(LicenseWords.of(Metric.THROUGHPUT_BPS, 1_200_000_000L, 2_500_000_000L)))
                .isEqualTo("1 200 of 2 500 Mbit/s");
        assertThat(plain(LicenseWords.of(Metric.VIRTUAL_SERVICES, 0, 1))).isEqualTo("0 of 1 virtual service");
    }

    @Test
    void saysHowLongSomethingLastsStill() {
        assertThat(plain(LicenseWords.left(NOW.plus(Duration.ofDays(12)), NOW))).isEqualTo("12 days left");
        assertThat(plain(LicenseWords.left(NOW.plus(Duration.ofHours(3)), NOW))).isEqualTo("ends within a day");
        assertThat(plain(LicenseWords.left(NOW.minus(Duration.ofDays(1)), NOW))).isEqualTo("over for 1 day");
        assertThat(plain(LicenseWords.left(NOW, NOW))).isEqualTo("over since today");
    }

    @Test
    void tellsTheFirstSigningWithoutWhatWasBefore() {
        var change = change("allocated", Map.of(), Map.of("instances", 3, "suspended", false, "graceDays", 14));

        assertThat(HistoryWords.lines(change).stream().map(LicenseWordsTests::plain))
                .containsExactly("Instances: 3 instances", "Grace: 14 days");
    }

    @Test
    void tellsWhatATermWasAndWhatItBecame() {
        var change = change(
                "resized",
                Map.of("features", List.of("waf"), "validUntil", "2027-03-01T00:00:00Z"),
                Map.of(
                        "features",
                        List.of("adc", "waf"),
                        "validUntil",
                        "2028-03-01T00:00:00Z",
                        "throughputBpsOverage",
                        "CEILING 2000000000"));

        assertThat(HistoryWords.lines(change).stream().map(LicenseWordsTests::plain))
                .containsExactly(
                        "Throughput, beyond it: Refuse what goes beyond → Allow up to 2 000 Mbit/s",
                        "Features: waf → adc, waf",
                        "End: 1 Mar 2027 00:00 UTC → 1 Mar 2028 00:00 UTC");
    }

    @Test
    void tellsASuspensionAndATransfer() {
        assertThat(HistoryWords.lines(change("suspended", Map.of("suspended", false), Map.of("suspended", true))))
                .containsExactly("Suspended: no → yes");
        assertThat(HistoryWords.action(change("transferred-out", Map.of(), Map.of())))
                .isEqualTo("Transferred out");
    }

    @Test
    void explainsWhatHappensBeyondALimitByItsNumbers() {
        assertThat(plain(OverageWords.explain(Metric.INSTANCES, 5, Overage.DENY)))
                .isEqualTo("Beyond 5 instances one more is refused.");
        assertThat(plain(OverageWords.explain(Metric.INSTANCES, 5, Overage.upTo(9))))
                .contains("up to 9 instances");
        assertThat(plain(
                        OverageWords.explain(Metric.THROUGHPUT_BPS, 5_000_000, new Overage(Overage.Policy.BILL, null))))
                .isEqualTo("What is used beyond 5 Mbit/s is recorded so that it can be billed.");
    }

    @Test
    void putsUnitsToTheBareNumbersOfRefusals() {
        assertThat(plain(MetricField.reworded(Metric.THROUGHPUT_BPS, "ThroughputBps: asked 2000000, free 500000")))
                .isEqualTo("Asked 2 Mbit/s, free 0.5 Mbit/s");
        assertThat(plain(MetricField.reworded(Metric.INSTANCES, "instances: the licence itself has 100")))
                .isEqualTo("The licence itself has 100 instances");
    }

    private static SubLicenseChange change(String action, Map<String, Object> from, Map<String, Object> to) {
        return new SubLicenseChange(2, NOW, "nina", action, from, to, null);
    }

    private static String plain(String text) {
        return Texts.plain(text);
    }
}
