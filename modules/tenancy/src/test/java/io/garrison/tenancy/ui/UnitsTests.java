package io.garrison.tenancy.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTests {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "1500000000, 1.50 GB",
        "12345678, 12.3 MB",
        "999600000, 1.00 GB",
        "123456789012, 123 GB"
    })
    void writesBytesInDecimalUnitsWithThreeDigits(long bytes, String text) {
        assertThat(plain(Units.bytes(bytes))).isEqualTo(text);
    }

    @Test
    void writesBitRatesPerSecond() {
        assertThat(plain(Units.bitsPerSecond(12_400_000))).isEqualTo("12.4 Mbit/s");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 Mbit/s",
        "250000, 0.25 Mbit/s",
        "1500000000, 1 500 Mbit/s",
        "12345678, 12.35 Mbit/s",
        "1, 0.000001 Mbit/s",
        "-500000, -0.5 Mbit/s"
    })
    void writesSoldBitRatesInOneUnit(long bits, String text) {
        assertThat(plain(Units.megabitsPerSecond(bits)).replace('\u202f', ' ')).isEqualTo(text);
    }

    @Test
    void separatesThousandsByThinSpaces() {
        assertThat(Units.count(1_234_567)).isEqualTo("1\u202f234\u202f567");
        assertThat(Units.count(-123_456)).isEqualTo("-123\u202f456");
        assertThat(Units.count(999)).isEqualTo("999");
    }

    @Test
    void agreesTheNounWithItsNumber() {
        assertThat(plain(Units.count(1, "instance", "instances"))).isEqualTo("1 instance");
        assertThat(plain(Units.count(0, "instance", "instances"))).isEqualTo("0 instances");
    }

    @Test
    void neverRoundsAGapAway() {
        assertThat(plain(Units.percent(0.99999))).isEqualTo("99.9 %");
        assertThat(plain(Units.percent(1))).isEqualTo("100 %");
        assertThat(plain(Units.percent(0.125))).isEqualTo("12.5 %");
    }

    @ParameterizedTest
    @CsvSource({"PT0.4S, 0.4 s", "PT42S, 42 s", "PT200S, 3 min 20 s", "PT1H, 1 h", "PT52H, 2 d 4 h"})
    void writesTheTwoLargestUnitsOfADuration(Duration duration, String text) {
        assertThat(plain(Units.duration(duration))).isEqualTo(text);
    }

    private static String plain(String text) {
        return text.replace('\u00a0', ' ');
    }
}
