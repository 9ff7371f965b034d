package io.garrison.reporting.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.reporting.ReportingException.BadLogQuery;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogQueryParserTests {

    @Test
    void readsFieldsComparisonsNetworksAndWords() {
        assertThat(LogQueryParser.parse("status:>=500 client:1.2.3.0/24 path:/api* host:\"a b\" slow status:200..299"))
                .containsExactly(
                        Map.of("range", Map.of("status", Map.of("gte", 500.0))),
                        Map.of("term", Map.of("clientAddress", "1.2.3.0/24")),
                        Map.of("prefix", Map.of("path", "/api")),
                        Map.of("term", Map.of("host", "a b")),
                        Map.of(
                                "match",
                                Map.of("words", Map.of("query", "slow", "operator", "and", "zero_terms_query", "all"))),
                        Map.of("range", Map.of("status", Map.of("gte", 200.0, "lte", 299.0))));
    }

    @Test
    void findsEverythingForAnEmptyQuery() {
        assertThat(LogQueryParser.parse("   ")).isEmpty();
    }

    @Test
    void takesWhatLooksLikeSyntaxElsewhereAsText() {
        assertThat(LogQueryParser.parse("path:* AND (tenant OR _exists_)").toString())
                .doesNotContain("query_string")
                .contains("AND", "(tenant", "OR", "_exists_)");
        assertThat(LogQueryParser.parse("verdict:\"a*\"")).containsExactly(Map.of("term", Map.of("verdict", "a*")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "tenant:x | 0",
                "status:200 order:x | 11",
                "status:abc | 7",
                "status: | 7",
                "host:\"open | 5",
                "client:1.2.3.0/33 | 7",
                "client:example.org | 7",
                "client:1.2.3 | 7",
                "a\"b | 1",
                "host:\"a\\nb\" | 8",
                "status:1..x | 7",
                "status:1e9999 | 7"
            })
    void saysWhereAQueryCannotBeRead(String query, int position) {
        assertThatExceptionOfType(BadLogQuery.class)
                .isThrownBy(() -> LogQueryParser.parse(query))
                .satisfies(e -> assertThat(e.position()).isEqualTo(position))
                .satisfies(e -> assertThat(e.errors()).extracting("field").containsExactly("query"));
    }

    @Test
    void boundsLengthAndTerms() {
        assertThatExceptionOfType(BadLogQuery.class).isThrownBy(() -> LogQueryParser.parse("x".repeat(1_001)));
        assertThatExceptionOfType(BadLogQuery.class).isThrownBy(() -> LogQueryParser.parse("x ".repeat(21)));
        assertThat(LogQueryParser.parse("x ".repeat(20))).hasSize(20);
    }

    @Test
    void makesOnlyItsOwnKindsOfFilterOfAnyInput() {
        var pieces = new String[] {
            "status", "tenant", ":", ">=", "<", "..", "*", "\"", "\\", " ", "1", "/24", "host", "{", "}", "\u0000", "ü",
            "client", "::1", "(", "AND", "-", "\t", "\ud800"
        };
        var allowed = Set.of("term", "range", "prefix", "match");
        var random = new Random(42);
        for (var round = 0; round < 100_000; round++) {
            var query = new StringBuilder();
            for (var piece = 0; piece < random.nextInt(14); piece++) {
                query.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                for (var filter : LogQueryParser.parse(query.toString())) {
                    assertThat(allowed).containsAll(filter.keySet());
                    assertThat(filter.values().toString()).doesNotStartWith("[{tenant=");
                }
            } catch (BadLogQuery e) {
                assertThat(e.position()).isBetween(0, query.length());
            }
        }
    }
}
