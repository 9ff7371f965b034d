package io.garrison.reporting.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageCsvTests {

    private static final UUID ID = new UUID(0, 7);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=cmd|' /C calc'!A0",
                "=HYPERLINK(\"http://evil\",\"x\")",
                "+1+1",
                "-2+3",
                "@SUM(1)",
                "\t=1",
                "\r=1",
                "\n=1"
            })
    void givesNoSpreadsheetAFormula(String payload) {
        var cell = UsageCsv.text(payload);

        var shown = cell.startsWith("\"") ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
        assertThat(shown).isEqualTo("'" + payload);
    }

    @Test
    void quotesAsRfc4180Says() {
        assertThat(UsageCsv.text("a,b")).isEqualTo("\"a,b\"");
        assertThat(UsageCsv.text("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(UsageCsv.text("a\nb")).isEqualTo("\"a\nb\"");
        assertThat(UsageCsv.text("plain-name_1.2")).isEqualTo("plain-name_1.2");
    }

    @Test
    void writesNumbersBareAndAsManyCellsAsTheHeaderHas() throws IOException {
        var out = new StringBuilder();
        UsageCsv.write(
                out,
                List.of(new UsageLine(
                        "id",
                        ID,
                        "acme",
                        ID,
                        ID,
                        ID,
                        "shop",
                        "bytesOut",
                        Instant.EPOCH,
                        Instant.EPOCH.plusSeconds(3_600),
                        "9007199254740993",
                        "B",
                        "EXACT",
                        0.9167,
                        "PROXY")));

        assertThat(out.toString()).endsWith("\r\n").contains(",9007199254740993,B,EXACT,0.9167,PROXY");
        assertThat(out.toString().split(",")).hasSameSizeAs(UsageCsv.HEADER.split(","));
    }
}
