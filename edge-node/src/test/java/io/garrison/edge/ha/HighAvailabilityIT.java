package io.garrison.edge.ha;

import static io.garrison.edge.testing.HaPair.SHARED;
import static io.garrison.edge.testing.HaPair.SHARED_TOO;
import static io.garrison.edge.testing.HaPair.SOON;
import static io.garrison.edge.testing.HaPair.router;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.testing.HaPair;
import io.garrison.edge.testing.HaPair.Machine;
import io.garrison.edge.testing.HaPair.Probes;
import io.garrison.edge.testing.HaPair.Seen;
import io.garrison.edge.testing.HaValues;
import io.garrison.edge.testing.ScriptedGateway;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.SessionMarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HA-00a to HA-11 with two real instances and their clients. Each value is shown by what changes with it; the long form of
 * the failures, with distributions, is the benchmark {@code ha}.
 */
@Tag("alone")
@TestInstance(Lifecycle.PER_CLASS)
class HighAvailabilityIT {

    private static final Logger log = LoggerFactory.getLogger(HighAvailabilityIT.class);

    /** How often something is tried once more that a busy machine may spoil. */
    private static final int BUSY = 4;

    @TempDir
    static Path temp;

    private HaPair pair;
    private Machine one;
    private Machine two;

    @BeforeAll
    void twoInstances() throws Exception {
        var missing = HaPair.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        pair = new HaPair(temp);
        one = pair.first;
        two = pair.second;
        pair.plan(new HaValues().build());
    }

    @AfterAll
    void nothingIsLeft() throws Exception {
        if (pair != null) {
            pair.close();
        }
    }

    /** HA-06: two planned moves, there and back, with clients that begin anew each time and clients that stay. */
    @Test
    void handsOverAndTakesBackSoThatNoClientIsRefusedAndNoConnectionBreaks() throws Exception {
        held(new HaValues());
        try (var anew = pair.probe(10);
                var kept = pair.keep(10)) {
            long revision = pair.publish();
            await("reloaded", SOON, () -> one.gateway.reports.getLast().appliedRevision() == revision);
            assertThat(one.role("web")).as("a reload is no failure").isEqualTo("MASTER");
            int before = two.told().flaps();
            lossless("there and back", again -> thereAndBack(anew, kept));
            assertThat(two.told().flaps()).as("HA-07: it stood in").isLessThanOrEqualTo(before);
            lossless("another plan, with idle connections", again -> {
                var other = new HaValues();
                other.recoveryThreshold = 2 + again;
                kept.settled();
                held(other);
                kept.on();
                kept.awaitMore(50);
                return List.of(kept.settled());
            });
        }
    }

    private List<Seen> thereAndBack(Probes anew, Probes kept) throws Exception {
        held(new HaValues());
        anew.on();
        kept.on();
        kept.awaitMore(50);
        one.command("drain");
        pair.awaitHolder(two, "web", SHARED);
        await("told", SOON, () -> one.gateway.reports.getLast().haRole().equals("STANDBY"));
        assertThat(two.gateway.reports.getLast().haRole()).isEqualTo("ACTIVE");
        kept.awaitAnswerOf(two);
        one.command("drain", "--off");
        pair.awaitHolder(one, "web", SHARED);
        kept.awaitMore(100);
        return List.of(anew.settled(), kept.settled());
    }

    /** HA-06, HC-16: the peer that relieves an instance has a lower priority, and still is not the one who gives up. */
    @Test
    void servesItsOwnConnectionsOnWhileClientsHaveNotHeardOfTheNewHolder() throws Exception {
        held(new HaValues());
        try (var kept = pair.keep(10)) {
            var table = "garrison_moved_" + ScriptedGateway.INSTANCE.toString().replace("-", "");
            // Where it is turned away, a client begins anew: that is what the holder wants from then on.
            without(seen -> seen.broken() > 0, "clients that hear late", again -> {
                kept.on();
                kept.awaitMore(100);
                // As if the address had come here long ago: all that is open is this instance's, and nobody remembers
                // it.
                one.in("nft", "flush", "set", "netdev", table, "left_0");
                one.in("nft", "flush", "set", "netdev", table, "own_ip");
                kept.settled();
                kept.on();
                kept.awaitMore(50);
                one.keepClients(SHARED);
                one.command("drain");
                pair.awaitHolder(two, "web", SHARED);
                kept.awaitMore(50);
                pair.listen(SHARED);
                kept.awaitAnswerOf(two);
                var seen = kept.settled();
                one.command("drain", "--off");
                pair.awaitHolder(one, "web", SHARED);
                return List.of(seen);
            });
        }
    }

    /** As a reload of a firewall's rules does, which flushes those of others too. */
    @Test
    void makesRulesForOpenConnectionsAgainThatSomebodyHasTakenAway() throws Exception {
        held(new HaValues());
        var table = "table netdev garrison_moved_" + one.id.toString().replace("-", "");
        assertThat(one.in("nft", "list", "tables")).contains(table);
        one.in("nft", "delete " + table);
        pair.await("made again", () -> {
            try {
                return one.in("nft", "list", "tables").contains(table);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private interface Move {
        List<Seen> seen(int again) throws Exception;
    }

    /** Once more if it is not: on a machine that stands still a move by plan may be followed by one that nobody planned. */
    private void lossless(String what, Move move) throws Exception {
        without(HighAvailabilityIT::isLossy, what, move);
    }

    private void without(Predicate<Seen> bad, String what, Move move) throws Exception {
        var seen = move.seen(0);
        for (int again = 1; again < BUSY && seen.stream().anyMatch(bad); again++) {
            log.warn("{}: {}{}", what, seen, story());
            seen = move.seen(again);
        }
        assertThat(seen).as(what).noneMatch(bad);
    }

    private static boolean isLossy(Seen seen) {
        return seen.refused() > 0 || seen.broken() > 0;
    }

    @Test
    void servesOnWhenKeepalivedIsKilled() throws Exception {
        held(new HaValues());
        try (var probes = pair.probe(10)) {
            one.killKeepalived();
            await("a peer takes over", SOON, () -> two.role("web").equals("MASTER"));
            pair.awaitHolder(one, "web", SHARED);
            var seen = probes.settled();
            assertThat(seen.failed()).as("of those that met both: " + seen).isLessThan(seen.probes() / 2);
        }
        await("told", SOON, () -> one.toldOf("ha.keepalived-dead"));
    }

    @Test
    void servesOnWhenTheAgentIsKilledAndIsAdoptedByTheNext() throws Exception {
        held(new HaValues());
        try (var probes = pair.probe(10)) {
            one.agent().kill();
            TimeUnit.MILLISECONDS.sleep(500);
            one.start();
            await("adopted", SOON, () -> one.toldOf("ha.agent-restarted"));
            assertServedThroughout(probes);
        }
        assertThat(one.holds(SHARED)).isTrue();
    }

    /** As after a move of the stack to another management: the plan of the former one is forgotten. */
    @Test
    void theNextAgentTakesKeepalivedOverWithoutKnowingTheFormerPlan() throws Exception {
        held(new HaValues());
        var pidFile = one.state.sharedAddresses().resolve("keepalived.pid");
        long keepalived = one.pid(pidFile);
        try (var probes = pair.probe(10)) {
            one.agent().kill();
            Files.delete(one.state.plan());
            int before = one.gateway.reports.size();
            one.start();
            await(
                    "follows its plan",
                    SOON,
                    () -> one.gateway.reports.size() > before + 1
                            && one.told().planNumber() > 0
                            && one.role("web").equals("MASTER"));
            assertServedThroughout(probes);
        }
        assertThat(one.pid(pidFile)).isEqualTo(keepalived);
    }

    @Test
    void leavesTheAddressesToItsPeersWhenItIsTakenOutOfTheStack() throws Exception {
        held(new HaValues());
        one.gateway.failWith = 401;
        try {
            TimeUnit.MILLISECONDS.sleep(2_500);
            assertThat(one.holds(SHARED))
                    .as("a stranger may be one for any reason")
                    .isTrue();
            one.gateway.failCode = "edge.shut-out";
            pair.awaitHolder(two, "web", SHARED);
            one.gateway.failWith = 503;
            one.agent().kill();
            one.start();
            TimeUnit.MILLISECONDS.sleep(2_500);
            assertThat(two.holds(SHARED) && !one.holds(SHARED))
                    .as("the next agent knows it without management")
                    .isTrue();
        } finally {
            one.gateway.failWith = 0;
        }
        pair.awaitHolder(one, "web", SHARED);
    }

    @Test
    void leavesTheAddressesWhenHaproxyIsKilledAndComesBackAfterTheRecoveryThreshold() throws Exception {
        var slow = new HaValues();
        slow.recoveryThreshold = 15;
        held(slow);
        long slowly = backAfterKill();
        held(new HaValues());
        long soon = backAfterKill();
        for (int again = 0; again < BUSY && soon + 1_000 >= slowly; again++) {
            soon = backAfterKill();
        }

        assertThat(slowly)
                .as("HA-06: 15 intervals of 100 ms, twice")
                .isGreaterThan(2_000)
                .isGreaterThan(soon + 1_000);
        await("told", SOON, () -> one.toldOf("ha.haproxy-dead"));
    }

    @Test
    void leavesTheAddressesWhenHaproxyHangs() throws Exception {
        held(new HaValues());
        one.hangHaproxy(true);
        try {
            pair.awaitHolder(two, "web", SHARED);
        } finally {
            one.hangHaproxy(false);
        }
        pair.awaitHolder(one, "web", SHARED);
    }

    /** From HAProxy's end to the return of the addresses, ms. */
    private long backAfterKill() throws Exception {
        try (var probes = pair.probe(10)) {
            long from = System.nanoTime();
            one.killHaproxy();
            pair.awaitHolder(two, "web", SHARED);
            var seen = probes.seen();
            assertThat(seen.failed()).as("before the address moved: " + seen).isLessThan(100);
            pair.awaitHolder(one, "web", SHARED);
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
        }
    }

    /** A missing advert is no less missing on a busy machine: the longest times are the machine's, the shortest the plan's. */
    @Test
    void takesOverAfterTheCheckIntervalTimesTheFailureThreshold() throws Exception {
        var values = new HaValues();
        long base = gapWhenUnplugged(values, gap -> gap > 200 && gap < 1_100);
        values.failureThreshold = 12;
        long patient = gapWhenUnplugged(values, gap -> gap > 1_100);
        values.failureThreshold = 3;
        values.intervalMs = 600;
        long slow = gapWhenUnplugged(values, gap -> gap > 1_100);

        assertThat(base).as(() -> "3 times 100 ms" + story()).isBetween(200L, 1_100L);
        assertThat(patient).as(() -> "HA-05: 12 instead of 3" + story()).isGreaterThan(1_100);
        assertThat(slow).as(() -> "HA-04: 600 ms instead of 100" + story()).isGreaterThan(1_100);
    }

    /** Once more if it is not as it should be: a starved HAProxy or agent may have moved the addresses before. */
    private long gapWhenUnplugged(HaValues values, LongPredicate asExpected) throws Exception {
        held(values);
        long gap = gapWhenUnplugged();
        for (int again = 0; again < BUSY && !asExpected.test(gap); again++) {
            log.warn("{} ms without service{}", gap, story());
            held(values);
            gap = gapWhenUnplugged();
        }
        return gap;
    }

    private long gapWhenUnplugged() throws Exception {
        try (var probes = pair.probe(10)) {
            probes.awaitAnswerOf(one);
            one.cable(false);
            pair.awaitHolder(two, "web", SHARED);
            probes.awaitAnswerOf(two);
            var seen = probes.settled();
            log.info("Unplugged: {}", seen);
            return seen.longestGapMs();
        } finally {
            one.cable(true);
        }
    }

    private String story() {
        return one.story() + two.story();
    }

    @Test
    void followsModeAndPrimary() throws Exception {
        held(new HaValues());
        assertThat(arp(one) + arp(two)).isEqualTo("1212");
        var standby = new HaValues();
        standby.primary = false;
        pair.plan(
                standby.build(),
                new HaValues().build(),
                router("web", 51, SHARED, 100),
                router("web", 51, SHARED, 150));
        pair.awaitHolder(two, "web", SHARED);

        var both = new HaValues();
        both.mode = HaMode.ACTIVE_ACTIVE;
        pair.plan(
                both.build(),
                both.build(),
                List.of(router("web", 51, SHARED, 150), router("web-too", 52, SHARED_TOO, 100)),
                List.of(router("web", 51, SHARED, 100), router("web-too", 52, SHARED_TOO, 150)));
        pair.awaitHolder(one, "web", SHARED);
        pair.awaitHolder(two, "web-too", SHARED_TOO);

        var none = new HaValues();
        none.mode = HaMode.NONE;
        pair.plan(none.build());
        await("nobody holds", SOON, () -> holdsNothing(one) && holdsNothing(two));
        await("told", SOON, () -> one.told().routers().isEmpty());
        await("ARP as before", SOON, () -> arp(one).equals("00") && arp(two).equals("00"));
        assertThat(one.gateway.reports.getLast().haRole()).isEqualTo("ACTIVE");

        one.command("drain");
        pair.plan(new HaValues().build());
        pair.awaitHolder(two, "web", SHARED);
        TimeUnit.MILLISECONDS.sleep(1_500);
        assertThat(two.holds(SHARED) && !one.holds(SHARED))
                .as("it was drained before there was a plan")
                .isTrue();
        one.command("drain", "--off");
        pair.awaitHolder(one, "web", SHARED);
    }

    /** arp_ignore and arp_announce of the device of shared addresses. */
    private static String arp(Machine machine) {
        var e0 = "/proc/sys/net/ipv4/conf/e0/";
        try {
            return machine.in("cat", e0 + "arp_ignore", e0 + "arp_announce").replaceAll("\\s", "");
        } catch (Exception e) {
            return e.toString();
        }
    }

    /** HA-00g: a keepalived that was killed leaves its addresses on the device; who does not share them any more must not. */
    @Test
    void keepsNoAddressOfAFormerPlanWhoeverWasKilledBefore() throws Exception {
        held(new HaValues());
        var next = new HaValues().build();
        nextAgentFindsADeadKeepalived(() ->
                pair.plan(next, next, router("web-too", 52, SHARED_TOO, 150), router("web-too", 52, SHARED_TOO, 100)));
        await("it is not held any more", SOON, () -> !one.holdsQuietly(SHARED));
        pair.awaitHolder(one, "web-too", SHARED_TOO);

        var none = new HaValues();
        none.mode = HaMode.NONE;
        nextAgentFindsADeadKeepalived(() -> pair.plan(none.build()));
        await("nobody holds", SOON, () -> holdsNothing(one) && holdsNothing(two));

        var slow = new HaValues();
        slow.intervalMs = 700;
        held(slow);
        one.killKeepalived();
        pair.plan(none.build());
        await("nobody holds", SOON, () -> holdsNothing(one) && holdsNothing(two));
    }

    /** As if the agent had been killed between a plan and what follows from it. */
    private void nextAgentFindsADeadKeepalived(Step plan) throws Exception {
        one.agent().kill();
        one.killKeepalived();
        Files.delete(one.state.plan());
        one.start();
        plan.run();
    }

    private interface Step {
        void run() throws Exception;
    }

    @Test
    void doesWhatIsWantedAfterTooManyFlapsUntilAPersonReleasesIt() throws Exception {
        var values = new HaValues();
        one.command("ha", "release");
        values.maximumFlaps = 6;
        held(values);
        int peers = two.told().flaps();
        flap(1);
        assertThat(one.toldOf("ha.flaps-exceeded")).as("within what is allowed").isFalse();

        values.maximumFlaps = 2;
        values.flapAction = FlapAction.HOLD;
        held(values);
        flap(2);
        await("held", SOON, () -> one.isFaulty("hold-active"));
        pair.awaitHolder(two, "web", SHARED);
        one.command("ha", "release");
        pair.awaitHolder(one, "web", SHARED);

        values.flapAction = FlapAction.BYPASS;
        held(values);
        flap(3);
        await("bypassed", SOON, () -> one.told().bypass() != null);
        assertThat(one.told().bypass()).contains("2 are allowed");
        one.command("ha", "release");
        await("released", SOON, () -> one.told().bypass() == null);
        assertThat(one.toldOf("ha.bypass-entered")).isTrue();
        await("told", SOON, () -> one.toldOf("ha.bypass-left"));
        assertThat(two.told().flaps())
                .as("it stood in each time, and did not flap")
                .isLessThanOrEqualTo(peers);
    }

    private void flap(int times) throws Exception {
        // The way back from what was planned is none.
        TimeUnit.MILLISECONDS.sleep(2_000);
        for (int i = 0; i < times; i++) {
            one.cable(false);
            await("out", SOON, () -> one.role("web").equals("FAULT"));
            one.cable(true);
            await("in", SOON, () -> List.of("MASTER", "BACKUP").contains(one.role("web")));
            await("judged", SOON, () -> one.role("web").equals("MASTER") || one.isFaulty("hold-active"));
        }
    }

    @Test
    void givesUpTheAddressesWithTooFewLinkPairs() throws Exception {
        var values = new HaValues();
        held(values);
        one.backCable(false);
        await(
                "seen",
                SOON,
                () -> Optional.ofNullable(one.told().activeLinkPairs()).equals(Optional.of(0)));
        assertThat(one.role("web")).as("HA-11: 0 is off").isEqualTo("MASTER");
        values.minimumLinkPairs = 1;
        pair.plan(values.build());
        pair.awaitHolder(two, "web", SHARED);
        assertThat(one.isFaulty("link-down")).isTrue();
        one.backCable(true);
        pair.awaitHolder(one, "web", SHARED);

        await("none is left", SOON, () -> !one.isFaulty("link-down"));

        // Looked at with the plan, the carriers are not looked at again before a minute has passed.
        values.linkIntervalMs = 60_000;
        held(values);
        one.backCable(false);
        TimeUnit.MILLISECONDS.sleep(1_500);
        assertThat(one.told().activeLinkPairs())
                .as("HA-10: 60 s instead of 100 ms")
                .isEqualTo(1);
        assertThat(one.holds(SHARED)).isTrue();
    }

    @Test
    void handsOverForWantOfTrafficOnceAndStaysAway() throws Exception {
        var values = new HaValues();
        values.minimumBandwidthBps = 20_000;
        values.bandwidthIntervalSeconds = 1;
        values.bandwidthMonitoring = true;
        held(values);
        try (var probes = pair.probe(10)) {
            TimeUnit.MILLISECONDS.sleep(3_500);
            assertThat(one.role("web")).as("HA-09a: enough arrives").isEqualTo("MASTER");
            probes.off();
            pair.awaitHolder(two, "web", SHARED);
            await("told", SOON, () -> one.isFaulty("bandwidth-low") && one.toldOf("ha.bandwidth-low"));
            TimeUnit.MILLISECONDS.sleep(1_200);
            assertThat(two.role("web"))
                    .as("the peer is as quiet, and keeps them")
                    .isEqualTo("MASTER");
        }
        values.bandwidthMonitoring = false;
        pair.plan(values.build());
        pair.awaitHolder(one, "web", SHARED);
        await("HA-08: switched off", SOON, () -> !one.isFaulty("bandwidth-low"));
    }

    @Test
    void countsEveryByteOfTheBypassAsClientsSeeIt() throws Exception {
        held(new HaValues());
        await("connections of earlier tests have ended", Duration.ofSeconds(60), this::isNobodyConnected);
        HaPair.inLan("nft", "add table inet seen");
        HaPair.inLan("nft", "add chain inet seen out { type filter hook output priority 0; }");
        HaPair.inLan("nft", "add chain inet seen in { type filter hook input priority 0; }");
        HaPair.inLan("nft", "add rule inet seen out ip daddr " + SHARED + " tcp dport 80 counter");
        HaPair.inLan("nft", "add rule inet seen in ip saddr " + SHARED + " tcp sport 80 counter");
        long before = metered();
        try (var probes = pair.probe(10)) {
            TimeUnit.MILLISECONDS.sleep(300);
            one.command("ha", "bypass", "on");
            one.killHaproxy();
            TimeUnit.MILLISECONDS.sleep(700);
            assertThat(one.holds(SHARED)).as("HAProxy's end is no reason").isTrue();
            await("HAProxy again", SOON, () -> one.toldOf("ha.haproxy-back") && !one.isFaulty("haproxy-dead"));
            one.command("ha", "bypass", "off");
            TimeUnit.MILLISECONDS.sleep(300);
            var seen = probes.settled();
            assertThat(seen.by()).doesNotContain(two.backAddress);
            assertThat(seen.probes()).isGreaterThan(60);
        }
        long wire = HaPair.inLan("nft", "list table inet seen")
                .lines()
                .filter(line -> line.contains("bytes"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*bytes (\\d+).*", "$1")))
                .sum();
        HaPair.inLan("nft", "delete table inet seen");
        assertThat(metered() - before).isEqualTo(wire);
    }

    private boolean isNobodyConnected() {
        String[] sockets = {"ss", "-Htan", "dst", SHARED, "or", "src", SHARED};
        try {
            return (HaPair.inLan(sockets) + "\n" + one.in(sockets) + "\n" + two.in(sockets))
                    .lines()
                    .allMatch(line -> line.isEmpty() || line.startsWith("LISTEN") || line.startsWith("TIME-WAIT"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** IP bytes of the service, both directions, in all registers. */
    private long metered() throws Exception {
        var id = UUID.randomUUID();
        one.gateway.flush = id;
        await("flush", SOON, () -> {
            var flushed = one.gateway.reports.getLast().flushed();
            return flushed != null && flushed.flushId().equals(id);
        });
        var last = one.gateway.meters().stream()
                .filter(record -> record.virtualService().equals("web"))
                .collect(java.util.stream.Collectors.toMap(
                        record -> List.of(record.stream(), record.epoch()),
                        record -> record,
                        (a, b) -> a.sequence() > b.sequence() ? a : b));
        return last.values().stream()
                .mapToLong((MeterRecord record) -> record.bytesIn() + record.bytesOut())
                .sum();
    }

    /** HA-07: by HAProxy itself, which needs no forwarding, in the middle of traffic and over the end of the agent. */
    @Test
    void passesConnectionsOnByHaproxyOverTheEndOfAnAgent() throws Exception {
        var standby = new HaValues();
        standby.primary = false;
        pair.plan(
                standby.build(),
                new HaValues().build(),
                router("web", 51, SHARED, 100),
                router("web", 51, SHARED, 150));
        pair.awaitHolder(two, "web", SHARED);
        try (var probes = pair.probe(10)) {
            probes.awaitAnswerOf(two);
            two.command("ha", "bypass", "on");
            await("told", SOON, () -> two.told().bypass() != null);
            assertThat(configuration(two)).contains("mode tcp").doesNotContain("ring accesslog");
            assertThat(two.in("cat", "/proc/sys/net/ipv4/ip_forward").strip()).isEqualTo("0");
            two.agent().kill();
            two.start();
            await("goes on", SOON, () -> two.toldOf("ha.agent-restarted") && two.isFaulty("bypass-active"));
            assertThat(configuration(two)).doesNotContain("ring accesslog");
            two.command("ha", "bypass", "off");
            assertThat(configuration(two)).contains("ring accesslog");
            assertServedThroughout(probes);
        }
        assertThat(two.toldOf("ha.bypass-entered") && two.toldOf("ha.bypass-left"))
                .isTrue();
    }

    private static String configuration(Machine machine) throws IOException {
        return Files.readString(machine.state.dataPlane().resolve("haproxy.cfg"));
    }

    @Test
    void raisesAnAlarmWhenTwoHoldTheAddresses() throws Exception {
        held(new HaValues());
        two.in("nft", "add table inet deaf");
        two.in("nft", "add chain inet deaf in { type filter hook input priority 0; }");
        two.in("nft", "add rule inet deaf in ip protocol 112 drop");
        try {
            await("both hold", SOON, () -> holds(one) && holds(two));
            await("told", SOON, () -> one.toldOf("ha.two-masters") && one.isFaulty("two-masters"));
        } finally {
            two.in("nft", "delete table inet deaf");
        }
        pair.awaitHolder(one, "web", SHARED);
        await("over", SOON, () -> !one.isFaulty("two-masters"));
    }

    @Test
    void takesPartInDrillsFromBothSides() throws Exception {
        held(new HaValues());
        one.gateway.takingDrills = false;
        var id = rehearse();

        var yielded = resultOf(one, id).orElseThrow();
        assertThat(yielded.problem()).isNull();
        assertThat(yielded.takeoverMs()).isBetween(1L, 5_000L);
        var probed = resultOf(two, id).orElseThrow();
        assertThat(probed.problem()).isNull();
        assertThat(probed.probes()).isGreaterThan(50);
        assertThat(probed.longestGapMs()).isLessThan(1_500);
        pair.awaitHolder(one, "web", SHARED);
        int before = one.gateway.reports.size();
        await("told on", SOON, () -> one.gateway.reports.size() > before + 2);
        assertThat(resultOf(one, id, before + 2)).as("not taken yet").isPresent();
        one.agent().kill();
        int killed = one.gateway.reports.size();
        one.start();
        await("told by the next agent", SOON, () -> one.gateway.reports.size() > killed + 1);
        assertThat(resultOf(one, id, killed + 1)).contains(yielded);
        one.gateway.takingDrills = true;
        await("taken", SOON, () -> one.told().drills().isEmpty());
        assertThat(one.told().flaps()).as("nobody flapped").isLessThanOrEqualTo(flapsBefore);
    }

    /** keepalived goes on, and would leave the addresses to its peer for good. */
    @Test
    void endsARehearsalWithTheAgentThatIsStoppedInIt() throws Exception {
        held(new HaValues());
        var steering = new HaFiles(one.state.sharedAddresses()).steering("web");
        one.gateway.drill = new Drill(
                UUID.randomUUID(),
                "web",
                Drill.Role.YIELD,
                Drill.Kind.FAULT,
                Instant.now().plusSeconds(2),
                60);
        try {
            pair.awaitHolder(two, "web", SHARED);
            assertThat(steering).hasContent("-254");
            one.gateway.drill = null;
            one.agent().close();
            assertThat(steering).hasContent("0");
            await("back", SOON, () -> one.holdsQuietly(SHARED));
        } finally {
            one.gateway.drill = null;
            one.start();
        }
        pair.awaitHolder(one, "web", SHARED);
    }

    /** @return of a rehearsal of which both have told */
    private UUID rehearse() throws Exception {
        var id = UUID.randomUUID();
        var at = Instant.now().plusSeconds(2);
        one.gateway.drill = new Drill(id, "web", Drill.Role.YIELD, Drill.Kind.GRACEFUL, at, 1);
        two.gateway.drill = new Drill(id, "web", Drill.Role.PROBE, Drill.Kind.GRACEFUL, at, 1);
        await("yielded", SOON, () -> resultOf(one, id).isPresent());
        await("probed", SOON, () -> resultOf(two, id).isPresent());
        one.gateway.drill = null;
        two.gateway.drill = null;
        return id;
    }

    /** Sessions come along by HAProxy's own way, and whoever has not got them is told of. */
    @Test
    void tellsHowManySessionsTheOtherHasWhenTheAddressesHaveMoved() throws Exception {
        held(new HaValues());
        pair.shop(1, 6);
        await("shared", SOON, () -> sessions(two) == 6);
        assertThat(keptOf(rehearse(), 6)).isEqualTo(6);

        pair.awaitHolder(one, "web", SHARED);
        two.in("nft", "add table inet cut");
        two.in("nft", "add chain inet cut in { type filter hook input priority 0; }");
        two.in("nft", "add chain inet cut out { type filter hook output priority 0; }");
        try {
            for (var rule : List.of("in tcp dport", "in tcp sport", "out tcp dport", "out tcp sport")) {
                two.in("nft", "add rule inet cut " + rule + " 10102 drop");
            }
            pair.shop(7, 3);
            assertThat(keptOf(rehearse(), 9)).as("three are not there").isEqualTo(6);
        } finally {
            two.in("nft", "delete table inet cut");
        }
        await("shared at last", SOON, () -> sessions(two) == 9);
    }

    private int keptOf(UUID drill, int total) {
        var yielded = resultOf(one, drill).orElseThrow();
        var probed = resultOf(two, drill).orElseThrow();
        assertThat(yielded.problem()).isNull();
        assertThat(yielded.sessionsTotal()).isEqualTo(total);
        return SessionMarks.kept(yielded, probed).orElseThrow();
    }

    /** Entries of persistence by client address that it has; the other tables have other keys. */
    private static int sessions(Machine machine) {
        try {
            return machine.haproxy("show table")
                    .lines()
                    .filter(line -> line.contains("type: ipv6"))
                    .mapToInt(line -> Integer.parseInt(line.replaceAll(".*used:", "")))
                    .sum();
        } catch (IOException e) {
            return -1;
        }
    }

    private int flapsBefore;

    @Test
    void saysWhichPartOfAPlanItDoesNotFollowAndGoesOn() throws Exception {
        held(new HaValues());
        pair.plan(
                new HaValues().build(),
                new HaValues().build(),
                new io.garrison.protocol.VirtualRouter(
                        "web",
                        51,
                        "nope0",
                        List.of(new io.garrison.protocol.VirtualRouter.VirtualAddress(SHARED, 24, null)),
                        150,
                        true,
                        3,
                        null,
                        null,
                        null),
                router("web", 51, SHARED, 100));
        await("told", SOON, () -> one.told().planError() != null);
        assertThat(one.told().planError()).startsWith("routers[0].device names no network device");
        assertThat(one.holds(SHARED)).isTrue();
    }

    private static Optional<DrillResult> resultOf(Machine machine, UUID drill) {
        return resultOf(machine, drill, 0);
    }

    /** @param from the first report that counts */
    private static Optional<DrillResult> resultOf(Machine machine, UUID drill, int from) {
        return machine.gateway.reports.stream()
                .skip(from)
                .flatMap(report -> report.availability().drills().stream())
                .filter(result -> result.drillId().equals(drill))
                .findFirst();
    }

    /** The first holds, with nothing left of an earlier test. */
    private void held(HaValues values) throws Exception {
        one.cable(true);
        one.backCable(true);
        if (!pair.isPlanned(values.build())) {
            pair.plan(values.build());
        }
        pair.awaitInForce();
        pair.awaitHolder(one, "web", SHARED);
        await("the peer is ready", SOON, () -> two.role("web").equals("BACKUP"));
        flapsBefore = one.told().flaps();
    }

    private static void assertServedThroughout(Probes probes) throws Exception {
        var seen = probes.settled();
        assertThat(seen.probes()).isGreaterThan(30);
        // On a machine that has no time at all a few may wait too long.
        assertThat(seen.failed()).as(seen.toString()).isLessThanOrEqualTo(seen.probes() / 50);
    }

    private static boolean holds(Machine machine) {
        try {
            return machine.holds(SHARED);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static boolean holdsNothing(Machine machine) {
        try {
            return !machine.holds(SHARED)
                    && !machine.holds(SHARED_TOO)
                    && !Files.exists(machine.state.sharedAddresses().resolve("vrrp.pid"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
