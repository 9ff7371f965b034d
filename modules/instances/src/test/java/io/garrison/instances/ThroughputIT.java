package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.pki.Authority;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.protocol.ThroughputShare;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** MS-06, MS-07: the throughput of a sub-licence, split over its instances and added up. */
@ServerTest
class ThroughputIT {

    private static final long MEGABIT = 1_000_000;

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    EdgeEnrollment enrollment;

    @Autowired
    EdgeService edges;

    @Autowired
    InstanceManagement instances;

    @Autowired
    ThroughputTelling telling;

    @Autowired
    TestLicensing licensing;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    private final TenantId alice = anyTenant();

    /** An edge as its heartbeats show it. */
    private final class Edge {
        final EdgeIdentity identity;
        private final UUID boot = UUID.randomUUID();
        ThroughputShare share = new ThroughputShare(0, null);
        private long sequence;
        private long measuredMs;
        private long bytesIn;
        private long bytesOut;

        Edge(EdgeIdentity identity) {
            this.identity = identity;
        }

        /** Five seconds at this rate to clients, and half of it from them. */
        ThroughputShare passes(long bps) {
            return passes(bps, "TC");
        }

        ThroughputShare passes(long bps, String enforcement) {
            measuredMs += 5_000;
            bytesOut += bps * 5 / 8;
            bytesIn += bps * 5 / 16;
            var answer = report(new Report.Throughput(
                    share.number(), share.bps(), enforcement, null, measuredMs, bytesIn, bytesOut, bps / 2, bps));
            assertThat(answer).isNotNull();
            share = answer;
            return answer;
        }

        ThroughputShare report(Report.Throughput throughput) {
            var report = new Report(
                    boot,
                    ++sequence,
                    Instant.now(),
                    0,
                    null,
                    null,
                    SyncState.NEVER_APPLIED,
                    null,
                    false,
                    false,
                    "ACTIVE",
                    "0.1.0",
                    null,
                    List.of(),
                    new Report.SpoolState(0, 0, 0, 0),
                    null,
                    null,
                    throughput,
                    null);
            return CurrentTenant.callAs(alice, () -> edges.report(identity, report))
                    .share();
        }
    }

    private SubLicenseId sold(int seats, long bps, Overage overage) {
        var subLicense = licensing.sell(alice, seats, 10);
        licensing.limit(subLicense, bps, overage);
        return subLicense;
    }

    private List<Edge> edges(SubLicenseId subLicense, int count) {
        return edges("edge", subLicense, count);
    }

    private List<Edge> edges(String name, SubLicenseId subLicense, int count) {
        var stack = as(alice, () -> stacks.create(name, subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(alice, () -> tokens.create(stack.id(), 60, count)).token();
        var made = new ArrayList<Edge>();
        for (int i = 0; i < count; i++) {
            var enrolled =
                    enrollment.enroll(new EnrollRequest(token, csr(Authority.newKeyPair()), Map.of()), "192.0.2.1");
            made.add(new Edge(new EdgeIdentity(alice, stack.id(), new InstanceId(enrolled.instanceId()))));
        }
        return made;
    }

    private void change(Edge edge, String to) {
        change("update instances.instance set " + to + " where id = ?", edge);
    }

    private void silence(Edge edge, String time) {
        change(
                "update instances.heartbeat set last_seen = now() - interval '%s' where instance_id = ?"
                        .formatted(time),
                edge);
    }

    private void change(String sql, Edge edge) {
        CurrentTenant.runAs(
                alice,
                () -> transactions.executeWithoutResult(status ->
                        jdbc.sql(sql).param(edge.identity.instanceId().value()).update()));
    }

    @Test
    void leavesASilentInstanceOfAnotherStackAnEqualPart() {
        var subLicense = sold(2, 50 * MEGABIT, Overage.DENY);
        var silent = edges(subLicense, 1).getFirst();
        var busy = edges("other", subLicense, 1).getFirst();
        for (int i = 0; i < 4; i++) {
            silent.passes(45 * MEGABIT);
            busy.passes(0);
        }
        assertThat(bps(silent.share)).isGreaterThan(48 * MEGABIT);
        for (int i = 0; i < 3; i++) {
            busy.passes(bps(busy.share));
        }
        assertThat(bps(busy.share)).isLessThan(2 * MEGABIT);

        silence(silent, "61 s");
        change(
                "update instances.throughput_share set reported_at = now() - interval '61 s' where instance_id = ?",
                busy);
        busy.passes(bps(busy.share));
        assertThat(bps(busy.share)).as("it may be management that was away").isLessThan(2 * MEGABIT);
        busy.passes(bps(busy.share));

        assertThat(bps(busy.share)).isEqualTo(25 * MEGABIT);
    }

    private static long bps(ThroughputShare share) {
        assertThat(share.bps()).isNotNull();
        return share.bps();
    }

    @Test
    void splitsTheLimitByDemandAndNeverGivesItTwice() {
        var both = edges(sold(2, 50 * MEGABIT, Overage.DENY), 2);
        var busy = both.get(0);
        var idle = both.get(1);
        busy.passes(0);
        idle.passes(0);
        assertThat(bps(busy.share)).as("nobody wants anything").isEqualTo(25 * MEGABIT);
        assertThat(bps(idle.share)).isEqualTo(25 * MEGABIT);

        busy.passes(24 * MEGABIT);
        assertThat(bps(busy.share)).as("the other was told nothing yet").isEqualTo(25 * MEGABIT);
        idle.passes(MEGABIT);
        assertThat(bps(idle.share)).isEqualTo(1_250_000);
        busy.passes(24 * MEGABIT);
        assertThat(bps(busy.share)).as("the other did not confirm yet").isEqualTo(25 * MEGABIT);
        idle.passes(MEGABIT);
        busy.passes(24 * MEGABIT);
        assertThat(bps(busy.share)).isEqualTo(48_750_000);

        idle.passes(1_250_000);
        busy.passes(48 * MEGABIT);
        busy.passes(48 * MEGABIT);
        idle.passes(1_250_000);
        assertThat(bps(busy.share)).as("both want more than there is").isEqualTo(25 * MEGABIT);
        assertThat(bps(idle.share)).isEqualTo(25 * MEGABIT);
    }

    @Test
    void neverGivesTwiceWhatIsAskedForAtOnce() throws Exception {
        var all = edges(sold(4, 50 * MEGABIT, Overage.DENY), 4);
        all.forEach(edge -> edge.passes(0));
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 5; round++) {
                var turns = new ArrayList<Callable<ThroughputShare>>();
                for (int i = 0; i < 4; i++) {
                    var edge = all.get(i);
                    long rate = i == round % 4 ? 0 : bps(edge.share);
                    turns.add(() -> edge.passes(rate));
                }
                for (var turn : threads.invokeAll(turns)) {
                    turn.get();
                }
                assertThat(all.stream().mapToLong(edge -> bps(edge.share)).sum())
                        .isLessThanOrEqualTo(50 * MEGABIT);
            }
        }
    }

    @Test
    void goesByTheOverageRule() {
        var subLicense = sold(1, 50 * MEGABIT, Overage.DENY);
        var edge = edges(subLicense, 1).getFirst();
        assertThat(edge.passes(0).bps()).isEqualTo(50 * MEGABIT);

        licensing.limit(subLicense, 50 * MEGABIT, Overage.upTo(80 * MEGABIT));
        assertThat(edge.passes(50 * MEGABIT).bps()).isEqualTo(80 * MEGABIT);
        licensing.limit(subLicense, 50 * MEGABIT, new Overage(Policy.ALARM, null));
        assertThat(edge.passes(50 * MEGABIT).bps()).isNull();
        licensing.limit(subLicense, 50 * MEGABIT, new Overage(Policy.BILL, null));
        assertThat(edge.passes(50 * MEGABIT).bps()).isNull();
        licensing.limit(subLicense, 10 * MEGABIT, Overage.DENY);
        assertThat(edge.passes(50 * MEGABIT).bps()).isEqualTo(10 * MEGABIT);
        licensing.limit(subLicense, 0, Overage.DENY);
        assertThat(edge.passes(10 * MEGABIT).bps())
                .as("traffic is slowed and never stopped")
                .isEqualTo(ThroughputShares.LEAST_BPS);
    }

    @Test
    void keepsTheShareOfASilentInstanceForAMinuteAndAPartAsLongAsItsSeat() {
        var both = edges(sold(2, 50 * MEGABIT, Overage.DENY), 2);
        var silent = both.get(0);
        var busy = both.get(1);
        both.forEach(edge -> edge.passes(0));
        both.forEach(edge -> edge.passes(20 * MEGABIT));
        for (int i = 0; i < 4; i++) {
            busy.passes(bps(busy.share));
        }
        assertThat(bps(busy.share)).isLessThanOrEqualTo(50 * MEGABIT - bps(silent.share));

        silence(silent, "61 s");
        busy.passes(bps(busy.share));
        assertThat(bps(busy.share)).as("it has its clients").isEqualTo(50 * MEGABIT);
        busy.passes(10 * MEGABIT);
        for (int i = 0; i < 4; i++) {
            busy.passes(10 * MEGABIT);
        }
        assertThat(bps(busy.share)).as("what nobody wants").isBetween(25 * MEGABIT, 35 * MEGABIT);

        change(silent, "seat_until = now() - interval '1 s'");
        silence(silent, "1 h");
        busy.passes(bps(busy.share));

        assertThat(bps(busy.share)).isEqualTo(49_500_000);
    }

    @Test
    void saysNothingToAnAgentThatDoesNotLimitAndGivesItNoPart() {
        var both = edges(sold(2, 50 * MEGABIT, Overage.DENY), 2);
        assertThat(both.get(0).report(null)).isNull();

        assertThat(both.get(1).passes(0).bps())
                .as("all but what is kept for who joins")
                .isEqualTo(49_500_000);
    }

    @Test
    void changesNothingByAReportThatComesLate() {
        var edge = edges(sold(1, 50 * MEGABIT, Overage.DENY), 1).getFirst();
        edge.passes(10 * MEGABIT);
        edge.passes(10 * MEGABIT);
        edge.sequence -= 2;
        edge.report(new Report.Throughput(0, null, "NONE", "late", 1, 1, 1, 1, 1));

        var shown = as(alice, () -> instances.get(edge.identity.instanceId())).throughput();
        assertThat(shown).isEqualTo(new InstanceThroughput(50 * MEGABIT, "TC", null, 5 * MEGABIT, 10 * MEGABIT));
    }

    @Test
    void isNotLedAstrayByAnInstanceThatTellsNonsense() {
        var subLicense = sold(2, 50 * MEGABIT, Overage.DENY);
        var both = edges(subLicense, 2);
        both.forEach(edge -> edge.passes(0));
        var liar = both.get(0);
        for (int i = 1; i < 5; i++) {
            long most = Long.MAX_VALUE / 5 * i;
            liar.share = liar.report(new Report.Throughput(
                    Long.MAX_VALUE, most, "\u0000TC", "x".repeat(999), most, most, most, most, -1));
        }
        both.get(1).passes(0);

        assertThat(bps(liar.share) + bps(both.get(1).share)).isLessThanOrEqualTo(50 * MEGABIT);
        telling.tell(Instant.now().plus(ThroughputWindows.LENGTH.multipliedBy(2)));
        assertThat(licensing.told(subLicense, Metric.THROUGHPUT_BPS)).isPresent();
    }

    @Test
    void showsThatAnEdgeDoesNotLimit() {
        var edge = edges(sold(1, 50 * MEGABIT, Overage.DENY), 1).getFirst();
        edge.passes(0, "NONE");

        var shown = as(alice, () -> instances.get(edge.identity.instanceId())).throughput();
        assertThat(shown).isNotNull();
        assertThat(shown.isUnlimitedAgainstItsShare()).isTrue();
        assertThat(as(anyTenant(), () -> instances.list(null, null, 10))).isEmpty();
    }

    @Test
    void tellsLicensingTheMeanOfFiveMinutesOfAllInstancesOnce() {
        var subLicense = sold(2, 50 * MEGABIT, new Overage(Policy.BILL, null));
        var both = edges(subLicense, 2);
        both.forEach(edge -> edge.passes(0));
        var began = Instant.now();
        both.get(0).passes(600 * MEGABIT);
        both.get(1).passes(300 * MEGABIT);
        var window = ThroughputWindows.windowOf(began);
        var end = window.plus(ThroughputWindows.LENGTH);
        telling.tell(end.plusSeconds(29));
        assertThat(licensing.told(subLicense, Metric.THROUGHPUT_BPS))
                .as("not over yet")
                .isEmpty();

        telling.tell(end.plusSeconds(31));

        long told = licensing.told(subLicense, Metric.THROUGHPUT_BPS).orElseThrow();
        if (ThroughputWindows.windowOf(began.minusSeconds(5)).equals(ThroughputWindows.windowOf(Instant.now()))) {
            assertThat(told).as("900 Mbit/s for 5 s of 300 s").isEqualTo(15 * MEGABIT);
        }
        telling.tell(end.plusSeconds(32));
        assertThat(licensing.told(subLicense, Metric.THROUGHPUT_BPS)).hasValue(told);
        telling.tell(end.plus(ThroughputWindows.LENGTH.multipliedBy(2)).plusSeconds(31));
        assertThat(licensing.told(subLicense, Metric.THROUGHPUT_BPS))
                .as("nothing passed since")
                .hasValue(0L);
    }
}
