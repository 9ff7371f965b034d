package io.garrison.reporting.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What retention and the number of cells change, with a server that only notes what it is asked. */
class EventIndicesTests {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final UUID TENANT = new UUID(0, 5);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            var listing = """
                    {"g-events-30d-c0-2026.10.26":{},"g-events-30d-c0-2026.10.27":{},
                     "g-events-31d-c0-2026.10.26":{},"g-events-30d-c0-2026.11.26":{}}""";
            byte[] answer = (exchange.getRequestMethod().equals("GET") ? listing : "{\"acknowledged\":true}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void takesNoEventThatIsOlderThanTheRetention() {
        for (int days : new int[] {1, 30, 90}) {
            var indices = indices(days, 1);
            var oldest = NOW.minus(Duration.ofDays(days));

            assertThat(indices.isOver(oldest)).isFalse();
            assertThat(indices.isOver(oldest.minusMillis(1))).isTrue();
        }
    }

    /** So that a change holds for what is kept from then on, and takes nothing away that was promised before. */
    @Test
    void namesAnIndexByTheRetentionThatItWasMadeFor() {
        assertThat(indices(30, 1).ensure(TENANT, NOW)).isEqualTo("g-events-30d-c0-2026.11.26");
        assertThat(indices(31, 1).ensure(TENANT, NOW)).isEqualTo("g-events-31d-c0-2026.11.26");
        assertThat(asked).containsExactly("PUT /g-events-30d-c0-2026.11.26", "PUT /g-events-31d-c0-2026.11.26");
    }

    @Test
    void deletesIndicesWhoseOwnRetentionIsOver() {
        indices(90, 1).deleteWhatIsOver();

        assertThat(asked.stream().filter(line -> line.startsWith("DELETE")))
                .containsExactly("DELETE /g-events-30d-c0-2026.10.26");
    }

    @Test
    void spreadsTenantsOverAsManyCellsAsAreSet() {
        assertThat(cells(1)).hasSize(1);
        assertThat(cells(4)).hasSize(4);
        assertThat(indices(30, 4).of(TENANT)).isEqualTo("g-events-*-c1-*");
        assertThat(indices(30, 4).ensure(TENANT, NOW)).isEqualTo("g-events-30d-c1-2026.11.26");
    }

    @ParameterizedTest
    @CsvSource({"0,1", "3651,1", "-1,1", "1,0", "1,101", "1,-1"})
    void refusesSettingsThatMakeNoSense(int retentionDays, int cells) {
        assertThatIllegalArgumentException().isThrownBy(() -> settings(retentionDays, cells));
    }

    private TreeSet<String> cells(int cells) {
        var found = new TreeSet<String>();
        var indices = indices(30, cells);
        for (int i = 0; i < 100; i++) {
            found.add(indices.of(new UUID(0, i)));
        }
        return found;
    }

    private EventIndices indices(int retentionDays, int cells) {
        var settings = settings(retentionDays, cells);
        return new EventIndices(new SearchNode(settings), settings, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private SearchSettings settings(int retentionDays, int cells) {
        return new SearchSettings(
                "http://127.0.0.1:" + server.getAddress().getPort(), null, null, retentionDays, cells);
    }
}
