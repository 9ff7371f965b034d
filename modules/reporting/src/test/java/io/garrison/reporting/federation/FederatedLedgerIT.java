package io.garrison.reporting.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.garrison.instances.SiteIdentity;
import io.garrison.instances.SiteUsageSource.Batch;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.SiteUsage;
import io.garrison.protocol.SiteUsage.Epoch;
import io.garrison.protocol.SiteUsage.Interval;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.ingest.StampedMeter;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Usage of a customer's own installation in the MSSP's ledger: the same bytes, whatever happens on the way (MS-02, MS-07). */
class FederatedLedgerIT {

    private final TwoLedgers world = new TwoLedgers();

    @Test
    void derivesTheSameBillHereAndThereInEveryHistory() {
        for (int seed = 0; seed < 12; seed++) {
            var random = new Random(seed);
            var ledgers = new TwoLedgers();
            var pieces = new ArrayList<>(ledgers.records(random, 1 + random.nextInt(3), 1 + random.nextInt(30)));
            pieces.addAll(ledgers.records(random, 1, 20));
            pieces.removeIf(record -> random.nextInt(8) == 0);
            Collections.shuffle(pieces, random);
            for (int from = 0; from < pieces.size(); ) {
                int to = Math.min(pieces.size(), from + 1 + random.nextInt(25));
                ledgers.count(pieces.subList(from, to));
                ledgers.handOver();
                from = to;
            }

            assertThat(ledgers.msspBill()).as("seed %d", seed).isEqualTo(ledgers.siteBill());
            assertThat(ledgers.siteBill()).isNotEmpty();
        }
    }

    /** A machine that was set back with its memory counts on from lower registers. */
    @Test
    void noticesHereAndThereThatRegistersWentBack() {
        var records = world.records(new Random(3), 1, 20);
        world.count(records);
        world.handOver();
        assertThat(List.of(disordered(world.site), disordered(world.mssp))).containsExactly(0L, 0L);
        var last = records.getLast();
        var m = last.meter();
        var setBack = new MeterRecord(
                m.stream(),
                m.virtualService(),
                m.epoch(),
                m.nonce(),
                m.sequence(),
                m.bucket() + 1,
                Kind.CLOSE,
                m.at().plusSeconds(300),
                m.source(),
                m.bytesIn() - 1,
                m.bytesOut(),
                m.requests(),
                m.connections(),
                m.activeNanos(),
                m.peakBps(),
                true);

        world.count(List.of(new StampedMeter(
                last.tenant(), last.subLicense(), last.stack(), last.instance(), last.receivedAt(), setBack)));
        world.handOver();

        assertThat(List.of(disordered(world.site), disordered(world.mssp))).containsExactly(1L, 1L);
        assertThat(world.msspBill()).isEqualTo(world.siteBill());
    }

    private long disordered(TenantId tenant) {
        return world.provider
                .sql("select count(*) from reporting.meter_disorder where tenant_id = ?")
                .param(tenant.value())
                .query(Long.class)
                .single();
    }

    @Test
    void endsInTheSameBillWhenBatchesComeTwiceAndInAnyOrder() {
        var random = new Random(7);
        var records = world.records(random, 2, 60);
        Collections.shuffle(records, random);
        var batches = new ArrayList<Batch>();
        for (int from = 0; from < records.size(); from += 20) {
            world.count(records.subList(from, Math.min(records.size(), from + 20)));
            batches.add(acknowledged());
        }
        assertThat(batches).hasSizeGreaterThan(5);
        var missing = batches.subList(0, batches.size() - 1).stream()
                .map(Batch::number)
                .toList();

        assertThat(world.take(batches.getLast().bytes()).missing()).isEqualTo(missing);
        Collections.shuffle(batches, random);
        batches.forEach(batch -> world.take(batch.bytes()));
        var after = world.msspBill();
        for (var batch : batches) {
            var again = world.take(batch.bytes());
            assertThat(again.known()).isTrue();
            assertThat(again.newRows()).isZero();
            assertThat(again.missing()).isEmpty();
        }

        assertThat(after).isEqualTo(world.siteBill());
        assertThat(world.msspBill()).isEqualTo(after);
    }

    @Test
    void neverClaimsMoreThanHasCome() {
        world.count(world.records(new Random(11), 2, 10));
        var whole = acknowledged();
        var half = TwoLedgers.changed(
                whole.bytes(),
                batch -> new SiteUsage(
                        batch.number(),
                        batch.previous(),
                        batch.madeAt(),
                        batch.streams(),
                        batch.intervals().subList(0, 10),
                        List.of()));

        world.take(half);

        assertThat(world.msspBill())
                .as("an epoch comes with the last of its intervals")
                .isEmpty();
    }

    @Test
    void catchesUpInBoundedBatchesAfterWeeks() {
        for (int stream = 0; stream < 3; stream++) {
            world.count(world.records(new Random(100 + stream), 2, 1_500));
        }

        int batches = world.handOver();

        assertThat(batches).isEqualTo(4); // 9,000 intervals, then 6 epochs
        assertThat(world.msspBill()).isEqualTo(world.siteBill());
        assertThat(world.outbox.next()).isEmpty();
    }

    @Test
    void makesTheSameBytesUntilTheyAreAcknowledged() {
        world.count(world.records(new Random(13), 1, 5));
        var first = world.outbox.next().orElseThrow();
        world.count(world.records(new Random(17), 1, 5));

        assertThat(world.outbox.next()).contains(first);
        assertThat(world.outbox.waiting()).isEqualTo(1);
        world.outbox.acknowledged(first, List.of());
        assertThat(world.outbox.next().orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void offersWhatWasRefusedAgainAndLetsOthersPass() {
        world.count(world.records(new Random(31), 1, 5));
        var refused = world.outbox.next().orElseThrow();
        world.outbox.refused(refused, "usage.time-in-future");
        assertThat(world.outbox.next()).as("nothing else waits").isEmpty();
        world.count(world.records(new Random(37), 1, 5));

        var other = world.outbox.next().orElseThrow();
        assertThat(other.number()).isEqualTo(2);
        world.take(other.bytes());
        world.outbox.acknowledged(other, List.of());

        assertThat(world.outbox.next()).isEmpty();
        assertThat(world.outbox.refusal()).contains("usage.time-in-future");
        world.provider
                .sql(
                        "update reporting.usage_outbox set refused_at = refused_at - interval '11 minutes' where number = 1")
                .update();
        assertThat(world.outbox.next()).contains(refused);
        world.take(refused.bytes());
        world.outbox.acknowledged(refused, List.of());
        assertThat(world.outbox.refusal()).isEmpty();
        assertThat(world.msspBill()).isEqualTo(world.siteBill());
    }

    @Test
    void sendsEverythingAgainAfterARestoreIntoAServerThatCountsFromTheBeginning() {
        world.count(world.records(new Random(19), 1, 30));
        world.handOver();
        var before = world.msspBill();
        world.provider
                .sql("update reporting.usage_cursor set low = 9000000000000000000")
                .update();
        world.count(world.records(new Random(23), 1, 30));

        world.handOver();
        world.handOver(); // the first look finds the clock turned back

        assertThat(world.msspBill()).isEqualTo(world.siteBill()).hasSizeGreaterThan(before.size());
    }

    @Test
    void startsOverFromTheFirstRegister() {
        world.count(world.records(new Random(29), 1, 30));
        world.handOver();

        world.outbox.startOver();
        world.bound.remove(world.identity.siteId());
        var anew = new SiteIdentity(world.mssp, world.subLicense, UUID.randomUUID());
        var taken = world.take(anew, acknowledged().bytes());

        assertThat(taken.number()).isEqualTo(1);
        assertThat(taken.newRows()).isZero();
        assertThat(taken.knownRows()).isEqualTo(30);
        assertThat(world.msspBill()).isEqualTo(world.siteBill());
    }

    @Test
    void takesTheSameBatchOnceWhenItComesManyTimesAtOnce() throws Exception {
        world.count(world.records(new Random(31), 2, 200));
        var batch = world.outbox.next().orElseThrow();
        Callable<SiteUsage.Taken> take = () -> world.take(batch.bytes());

        var taken = new ArrayList<SiteUsage.Taken>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(Collections.nCopies(8, take))) {
                taken.add(answer.get());
            }
        }

        assertThat(taken).filteredOn(each -> !each.known()).hasSize(1);
        assertThat(world.msspBill()).isEqualTo(world.siteBill());
    }

    /** Else what a site sends would come back behind the erasure. */
    @Test
    void takesNothingForATenantThatIsBeingDeleted() {
        world.count(world.records(new Random(41), 1, 5));
        var batch = world.outbox.next().orElseThrow();
        world.leaving.add(world.identity.tenantId());

        assertThatExceptionOfType(UsageRefused.class)
                .isThrownBy(() -> world.take(batch.bytes()))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("usage.tenant-gone"));
        assertThat(world.msspBill()).isEmpty();
    }

    @Test
    void seesAnInstallationThatLivesTwice() {
        world.count(world.records(new Random(37), 1, 5));
        var first = world.outbox.next().orElseThrow().bytes();
        world.take(first);

        refused("usage.forked", first, batch -> withTime(batch, batch.madeAt().plusSeconds(1)));
    }

    @Test
    void refusesABatchThatContinuesAnother() {
        world.count(world.records(new Random(41), 1, 5));
        world.handOver();
        world.count(world.records(new Random(43), 1, 5));
        var second = world.outbox.next().orElseThrow().bytes();

        refused(
                "usage.forked",
                second,
                batch -> new SiteUsage(
                        batch.number(),
                        "0".repeat(64),
                        batch.madeAt(),
                        batch.streams(),
                        batch.intervals(),
                        batch.epochs()));
    }

    @Test
    void refusesRowsOfOthers() {
        world.count(world.records(new Random(47), 1, 5));
        var batch = world.outbox.next().orElseThrow().bytes();
        var instance = read(batch).streams().getFirst().instanceId();

        refused("usage.foreign", batch, each(row -> of(row, UUID.randomUUID(), row.bytesIn(), row.at())));
        refused(
                "usage.stream-foreign",
                batch,
                streams(stream ->
                        new Stream(stream.stream(), stream.stackId(), UUID.randomUUID(), "shop", stream.source())));
        world.ownInstances.add(instance);
        refused("usage.foreign", batch, same -> same);
        world.ownInstances.clear();
        world.take(batch);
        var other = new SiteIdentity(world.mssp, world.subLicense, UUID.randomUUID());
        assertThatExceptionOfType(UsageRefused.class)
                .isThrownBy(() -> world.take(other, batch))
                .satisfies(e -> assertThat(e.code()).isEqualTo("usage.foreign"));
        world.bound.remove(world.identity.siteId());
        assertThat(world.take(other, batch).knownRows()).isEqualTo(5);
    }

    @Test
    void refusesWhatCannotBe() {
        world.count(world.records(new Random(53), 1, 5));
        var batch = world.outbox.next().orElseThrow().bytes();
        var late = TwoLedgers.NOW.plus(Duration.ofMinutes(11));
        var license = world.subLicense.value();

        refused("usage.time-in-future", batch, each(row -> of(row, license, row.bytesIn(), late)));
        refused("usage.out-of-range", batch, each(row -> of(row, license, Long.MAX_VALUE, row.at())));
        refused("usage.out-of-range", batch, each(row -> of(row, license, -1, row.at())));
        refused("usage.out-of-range", batch, epochs(epoch -> seen(epoch, List.of(5L, 3L))));
        refused("usage.out-of-range", batch, epochs(epoch -> seen(epoch, List.of(1L, 1L << 50))));
        refused(
                "usage.field-missing",
                batch,
                whole -> new SiteUsage(1, null, whole.madeAt(), List.of(), whole.intervals(), whole.epochs()));
        refused(
                "usage.row-conflict",
                batch,
                whole -> new SiteUsage(
                        1, null, whole.madeAt(), whole.streams(), twice(whole.intervals()), whole.epochs()));
        refused(
                "usage.malformed",
                batch,
                whole -> new SiteUsage(2, null, whole.madeAt(), whole.streams(), whole.intervals(), whole.epochs()));
        assertThatExceptionOfType(UsageRefused.class)
                .isThrownBy(() -> world.take("{".getBytes()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("usage.malformed"));
    }

    @Test
    void refusesAnotherValueForAReadingThatIsKnown() {
        world.count(world.records(new Random(59), 1, 5));
        world.handOver();
        world.outbox.startOver();
        var anew = new SiteIdentity(world.mssp, world.subLicense, UUID.randomUUID());
        world.bound.remove(world.identity.siteId());
        var changed = TwoLedgers.changed(
                world.outbox.next().orElseThrow().bytes(),
                each(row -> of(row, world.subLicense.value(), row.bytesIn() + 1, row.at())));
        var before = world.msspBill();

        assertThatExceptionOfType(UsageRefused.class)
                .isThrownBy(() -> world.take(anew, changed))
                .satisfies(e -> assertThat(e.code()).isEqualTo("usage.row-conflict"));
        assertThat(world.msspBill()).isEqualTo(before);
    }

    @Test
    void sendsEverythingAgainOnceWhenTheMsspWasRestoredToEarlier() {
        world.count(world.records(new Random(61), 1, 10));
        assertThat(world.handOver()).isEqualTo(1);
        var before = world.msspStreams();
        for (int seed = 67; seed < 71; seed++) {
            world.count(world.records(new Random(seed), 1, 10));
            assertThat(world.handOver()).isEqualTo(1);
        }
        world.restoreMssp(1, before);
        assertThat(world.msspBill()).isNotEqualTo(world.siteBill());
        world.count(world.records(new Random(73), 1, 10));

        assertThat(world.handOver()).as("what is new, then everything").isEqualTo(2);

        assertThat(world.msspBill()).isEqualTo(world.siteBill());
        world.count(world.records(new Random(79), 1, 10));
        var next = world.outbox.next().orElseThrow();
        var taken = world.take(next.bytes());
        assertThat(taken.newRows()).isEqualTo(10);
        assertThat(taken.missing()).containsExactly(2L, 3L, 4L, 5L);
        world.outbox.acknowledged(next, taken.missing());
        assertThat(world.outbox.next()).as("not again for the same gap").isEmpty();
    }

    @Test
    void waitsForABatchThatItStillHasInsteadOfSendingEverything() {
        world.count(world.records(new Random(83), 1, 10));
        var first = world.outbox.next().orElseThrow();
        world.count(world.records(new Random(89), 1, 10));
        var number = world.outbox.makeNext().orElseThrow().number();
        var second = world.outbox.batch(number).orElseThrow();

        world.outbox.acknowledged(second, world.take(second.bytes()).missing());

        assertThat(world.outbox.next()).contains(first);
        assertThat(world.handOver()).isEqualTo(1);
        assertThat(world.msspBill()).isEqualTo(world.siteBill());
    }

    @Test
    void acknowledgesNoOtherBytesOfTheSameNumber() {
        world.count(world.records(new Random(97), 1, 5));
        var old = world.outbox.next().orElseThrow();
        world.outbox.startOver();
        world.count(world.records(new Random(101), 1, 5));
        var anew = world.outbox.next().orElseThrow();
        assertThat(anew.number()).isEqualTo(old.number());

        world.outbox.acknowledged(old, List.of());

        assertThat(world.outbox.next()).contains(anew);
    }

    @Test
    void refusesANumberThatIsFarAheadAtOnce() {
        world.count(world.records(new Random(103), 1, 5));
        var batch = world.outbox.next().orElseThrow().bytes();

        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> refused("usage.number-too-high", batch, numbered(1L << 40)));

        assertThat(world.take(TwoLedgers.changed(batch, numbered(1_000_000))).missing())
                .as("the last of a wide gap")
                .hasSize(100)
                .isSorted()
                .endsWith(999_998L, 999_999L);
    }

    @Test
    void billsAStackThatMovedAndKeepsTheInstanceThatStayed() {
        var stayed = world.records(new Random(107), 1, 5);
        world.count(world.atMssp(stayed));
        var before = world.msspBill();
        world.count(TwoLedgers.inStack(stayed.getFirst().stack(), world.records(new Random(109), 1, 5)));

        assertThat(world.handOver()).isEqualTo(1);

        assertThat(world.siteBill()).isNotEmpty();
        assertThat(world.msspBill())
                .hasSize(before.size() + world.siteBill().size())
                .containsAll(before)
                .containsAll(world.siteBill());
        world.count(stayed);
        var claiming = world.outbox.next().orElseThrow().bytes();
        assertThatExceptionOfType(UsageRefused.class)
                .isThrownBy(() -> world.take(claiming))
                .satisfies(e -> assertThat(e.code()).isEqualTo("usage.foreign"));
    }

    @Test
    void takesOverFromASiteThatIsKnownNoMore() {
        world.count(world.records(new Random(113), 1, 5));
        var batch = world.outbox.next().orElseThrow().bytes();
        var ghost = new SiteIdentity(world.mssp, world.subLicense, UUID.randomUUID());
        world.bound.add(ghost.siteId());
        world.take(ghost, batch);
        assertThatExceptionOfType(UsageRefused.class)
                .isThrownBy(() -> world.take(batch))
                .satisfies(e -> assertThat(e.code()).isEqualTo("usage.foreign"));

        world.bound.remove(ghost.siteId());

        assertThat(world.take(batch).knownRows()).isEqualTo(5);
    }

    @Test
    void putsFewerEpochsIntoABatchIfTheyAreLong() {
        world.countWithGaps(3, 30_000);
        world.count(world.records(new Random(127), 3, 1));

        assertThat(world.handOver()).isEqualTo(3);

        assertThat(world.outbox.next()).isEmpty();
        assertThat(world.msspStreams()).isEqualTo(world.siteStreams());
    }

    @Test
    void leavesConnectionsToOthersWhileSitesWait() throws Exception {
        world.count(world.records(new Random(131), 1, 5));
        var batch = world.outbox.next().orElseThrow().bytes();
        Callable<SiteUsage.Taken> take = () -> world.take(batch);
        var waiting = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = world.whileNothingIsTaken(() -> {
                var all = new ArrayList<Future<SiteUsage.Taken>>();
                Collections.nCopies(6, take).forEach(each -> all.add(threads.submit(each)));
                var end = Instant.now().plusSeconds(5);
                while (waiting.size() < 20 && Instant.now().isBefore(end)) {
                    int now = world.waitingIntakes();
                    if (now >= SiteIntake.AT_ONCE) {
                        waiting.add(now);
                    }
                    Thread.sleep(20);
                }
                return all;
            });
            for (var answer : answers) {
                assertThat(answer.get().number()).isEqualTo(1);
            }
        }

        assertThat(waiting).hasSize(20).containsOnly(SiteIntake.AT_ONCE);
    }

    private Batch acknowledged() {
        var batch = world.outbox.next().orElseThrow();
        world.outbox.acknowledged(batch, List.of());
        return batch;
    }

    private void refused(String code, byte[] batch, Function<SiteUsage, SiteUsage> change) {
        var before = world.msspBill();
        assertThatExceptionOfType(UsageRefused.class)
                .as(code)
                .isThrownBy(() -> world.take(TwoLedgers.changed(batch, change)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
        assertThat(world.msspBill()).isEqualTo(before);
        assertThat(world.provider
                        .sql("select count(*) from reporting.meter_bucket where tenant_id = ?")
                        .param(world.mssp.value())
                        .query(Integer.class)
                        .single())
                .isEqualTo(before.isEmpty() ? 0 : 5);
    }

    private static SiteUsage read(byte[] batch) {
        return io.garrison.protocol.ProtocolJson.read(batch, SiteUsage.class);
    }

    private static Function<SiteUsage, SiteUsage> numbered(long number) {
        return batch -> new SiteUsage(
                number, "0".repeat(64), batch.madeAt(), batch.streams(), batch.intervals(), batch.epochs());
    }

    private static SiteUsage withTime(SiteUsage batch, Instant at) {
        return new SiteUsage(batch.number(), batch.previous(), at, batch.streams(), batch.intervals(), batch.epochs());
    }

    private static Function<SiteUsage, SiteUsage> each(UnaryOperator<Interval> change) {
        return batch -> new SiteUsage(
                batch.number(),
                batch.previous(),
                batch.madeAt(),
                batch.streams(),
                batch.intervals().stream().map(change).toList(),
                batch.epochs());
    }

    private static Function<SiteUsage, SiteUsage> streams(UnaryOperator<Stream> change) {
        return batch -> new SiteUsage(
                batch.number(),
                batch.previous(),
                batch.madeAt(),
                batch.streams().stream().map(change).toList(),
                batch.intervals(),
                batch.epochs());
    }

    private static Function<SiteUsage, SiteUsage> epochs(UnaryOperator<Epoch> change) {
        return batch -> new SiteUsage(
                batch.number(),
                batch.previous(),
                batch.madeAt(),
                batch.streams(),
                batch.intervals(),
                batch.epochs().stream().map(change).toList());
    }

    private static Epoch seen(Epoch epoch, List<Long> ranges) {
        return new Epoch(
                epoch.stream(), epoch.epoch(), epoch.nonce(), ranges, epoch.finalSequence(), epoch.quarantined());
    }

    private static List<Interval> twice(List<Interval> rows) {
        var twice = new ArrayList<>(rows);
        twice.addAll(rows);
        return twice;
    }

    private static Interval of(Interval row, UUID subLicense, long bytesIn, Instant at) {
        return new Interval(
                row.stream(),
                row.epoch(),
                row.nonce(),
                row.bucket(),
                row.sequence(),
                row.kind(),
                subLicense,
                at,
                bytesIn,
                row.bytesOut(),
                row.requests(),
                row.connections(),
                row.activeNanos(),
                row.peakBps(),
                row.exact());
    }
}
