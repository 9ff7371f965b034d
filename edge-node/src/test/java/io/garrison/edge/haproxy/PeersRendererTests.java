package io.garrison.edge.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeersRendererTests {

    private static final Layout LAYOUT = new Layout(Path.of("/d"), Path.of("/d/run"));

    private static final String LIMITED =
            ",\"rateLimit\":{\"requestsPerSecond\":5,\"connectionsPerSecond\":7,\"requestsPerMinute\":100}";

    @Test
    void countsAloneAsBeforeThereWerePeers() {
        var text = text(
                ",\"rateLimit\":{\"requestsPerSecond\":5,\"connectionsPerSecond\":7},"
                        + "\"persistence\":{\"type\":\"SOURCE\"}",
                null);
        assertThat(text)
                .contains("    stick-table type ipv6 size 100k expire 10s store http_req_rate(1s),conn_rate(1s)\n"
                        + "    tcp-request connection track-sc0 src\n"
                        + "    tcp-request connection reject if { sc_conn_rate(0) -m int gt 7 }\n")
                .contains(
                        "    http-request set-var(txn.verdict) str(RATE_LIMITED) if { sc_http_req_rate(0) -m int gt 5 }\n"
                                + "    http-request deny deny_status 429 if { sc_http_req_rate(0) -m int gt 5 }\n")
                .contains("    stick-table type ipv6 size 100k expire 30m\n")
                .doesNotContain("peers", "localpeer", "rm_");
    }

    /** HC-19: each instance writes one table, and each reads all. */
    @Test
    void writesOneTableAndSumsAll() {
        for (int self = 1; self <= 3; self++) {
            var me = new UUID(7, self);
            var text = text(LIMITED, link(3, self));
            assertThat(text.lines().filter(line -> line.contains("track-sc")))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).endsWith(own(line, me)));
            assertThat(text.lines().filter(line -> line.contains("table_http_req_rate")))
                    .hasSize(6);
            assertThat(text.lines().filter(line -> line.contains("table_conn_rate")))
                    .hasSize(3);
        }
    }

    private static String own(String line, UUID self) {
        return Names.rates(line.contains("sc1"), "shop", self).name();
    }

    @Test
    void checksEveryPeersNameItsOwnIncluded() {
        var lines = text("", link(3, 1))
                .lines()
                .filter(line -> line.contains("server peer_"))
                .toList();
        assertThat(lines).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(lines.get(i)).contains("verify required").endsWith("verifyhost '" + new UUID(7, i + 1) + "'");
        }
        assertThat(text("", link(2, 1)).lines().filter(line -> line.contains("bind") && line.contains(":10102")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("ca-file", "verify required", "ssl-min-ver TLSv1.3"));
    }

    @Test
    void isReadAgainAsItWasMeant() {
        var config = rendered(LIMITED, link(16, 4)).config();
        Rereading.requireSame(Encoder.encode(config).getBytes(StandardCharsets.UTF_8), config);
        var strange = new HaproxyConfig(List.of(new Lines().add("peer x").section("peers", PeersRenderer.SECTION)));
        org.assertj.core.api.Assertions.assertThatExceptionOfType(PolicyRefusedException.class)
                .isThrownBy(
                        () -> Rereading.requireSame(Encoder.encode(strange).getBytes(StandardCharsets.UTF_8), strange));
    }

    private static String text(String more, @Nullable StackLink link) {
        return Encoder.encode(rendered(more, link).config());
    }

    private static Rendering rendered(String more, @Nullable StackLink link) {
        var json = """
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":80,"pool":"web"%s}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":81}]}]}""".formatted(more);
        var policy = ProtocolJson.read(json.getBytes(StandardCharsets.UTF_8), Policy.class);
        var settings = new HaproxySettings(Path.of("/d"), Path.of("/h"), 100, Duration.ofSeconds(5), true);
        return new PolicyRenderer(settings, LAYOUT, false)
                .render(policy, true, Map.of(), ListenAddresses.AS_IN_POLICY, link, false);
    }

    private static StackLink link(int members, int self) {
        var all = new ArrayList<StackLink.Member>();
        for (int i = 1; i <= members; i++) {
            all.add(new StackLink.Member(new UUID(7, i), "192.0.2." + i, 10_102));
        }
        return new StackLink(new UUID(7, self), all, "certificate", "anchors");
    }
}
