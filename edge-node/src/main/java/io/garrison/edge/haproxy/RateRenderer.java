package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.edge.haproxy.HaproxyConfig.Section;
import io.garrison.edge.haproxy.Token.Identifier;
import io.garrison.edge.haproxy.Token.Number;
import io.garrison.protocol.RateLimit;
import io.garrison.protocol.VirtualService;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits of one virtual service. Alone, an instance counts in tables of its own. With shared tables it counts in the
 * one that it alone writes, and judges by the sum of all members'.
 */
final class RateRenderer {

    private static final String SECONDS = "type ipv6 size 100k expire 10s store http_req_rate(1s),conn_rate(1s)";
    private static final String MINUTE = "type ipv6 size 100k expire 120s store http_req_rate(60s)";

    private final VirtualService service;
    private final @Nullable RateLimit limit;
    private final @Nullable PeersRenderer peers;

    RateRenderer(VirtualService service, boolean http, @Nullable PeersRenderer peers) {
        this.service = service;
        this.limit = service.rateLimit();
        this.peers = peers;
        if (limit != null) {
            Text.require(
                    limit.connectionsPerSecond() != null || (http && (perSecond() || perMinute())),
                    "rate limit without a rate for this protocol");
        }
    }

    private boolean perSecond() {
        return limit != null && (limit.requestsPerSecond() != null || limit.connectionsPerSecond() != null);
    }

    private boolean perMinute() {
        return limit != null && limit.requestsPerMinute() != null;
    }

    /** A frontend has room for one table; the other one of an instance without peers has a section of its own. */
    List<Section> sections() {
        return peers != null || !perMinute()
                ? List.of()
                : List.of(new Lines()
                        .add("stick-table", PolicyRenderer.keywords(MINUTE))
                        .section("backend", Names.minutes(service.name())));
    }

    void connections(Lines lines) {
        if (perSecond()) {
            track(lines, 0, SECONDS);
        }
        if (perMinute()) {
            track(lines, 1, MINUTE);
        }
        if (limit == null || limit.connectionsPerSecond() == null) {
            return;
        }
        var rate = number(limit.connectionsPerSecond());
        sum(lines, "tcp-request connection", "sess.conns", "table_conn_rate", false);
        lines.add(
                "tcp-request connection reject if {",
                measured("sess.conns", "sc_conn_rate(0)"),
                "-m int gt",
                rate,
                "}");
    }

    void requests(Lines lines) {
        if (limit == null) {
            return;
        }
        if (limit.requestsPerSecond() != null) {
            sum(lines, "http-request", "txn.persecond", "table_http_req_rate", false);
            deny(lines, measured("txn.persecond", "sc_http_req_rate(0)"), limit.requestsPerSecond());
        }
        if (limit.requestsPerMinute() != null) {
            sum(lines, "http-request", "txn.perminute", "table_http_req_rate", true);
            deny(lines, measured("txn.perminute", "sc_http_req_rate(1)"), limit.requestsPerMinute());
        }
    }

    private static void deny(Lines lines, String measured, int most) {
        var rate = number(most);
        lines.add("http-request set-var(txn.verdict) str(RATE_LIMITED) if {", measured, "-m int gt", rate, "}")
                .add("http-request deny deny_status 429 if {", measured, "-m int gt", rate, "}");
    }

    private String measured(String variable, String alone) {
        return peers == null ? alone : "var(" + variable + ")";
    }

    private void track(Lines lines, int slot, String definition) {
        boolean minute = slot == 1;
        if (peers == null) {
            if (minute) {
                lines.add("tcp-request connection track-sc1 src table", Names.minutes(service.name()));
            } else {
                lines.add("stick-table", PolicyRenderer.keywords(definition))
                        .add("tcp-request connection track-sc0 src");
            }
            return;
        }
        for (var member : peers.link().members()) {
            peers.table(table(minute, member.id()), definition);
        }
        lines.add("tcp-request connection track-sc" + slot + " src table "
                + PeersRenderer.reference(table(minute, peers.link().self())));
    }

    private void sum(Lines lines, String when, String variable, String converter, boolean minute) {
        if (peers == null) {
            return;
        }
        var add = "";
        for (var member : peers.link().members()) {
            lines.add(when + " set-var(" + variable + ") src," + converter + "("
                    + PeersRenderer.reference(table(minute, member.id())) + ")" + add);
            add = ",add(" + variable + ")";
        }
    }

    private Identifier table(boolean minute, UUID member) {
        return Names.rates(minute, service.name(), member);
    }

    private static Number number(int rate) {
        Text.require(rate >= 1 && rate <= 1_000_000, "rate out of range");
        return new Number(rate, "");
    }
}
