package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MeterTests {

    private static final UUID INSTANCE = new UUID(4, 4);
    private static final Instant START = Instant.parse("2026-11-01T10:04:50Z");
    private static final long SECOND = 1_000_000_000L;

    private final ScriptedDisk disk = new ScriptedDisk();
    private final Map<String, Source> active = new HashMap<>(Map.of("shop", Source.PROXY));
    private final Map<String, Counts> kernel = new HashMap<>();
    private List<Snapshot.Worker> workers = List.of(worker("a", 0, Counts.ZERO));
    private Instant wall = START;
    private long mono = SECOND;
    private String boot = "boot-1";

    @Test
    void closesABucketWithWhatWasReadBeforeItsEnd() throws IOException {
        var meter = open();
        meter.read(now());
        workers = List.of(worker("a", 0, new Counts(100, 900, 1, 1)));
        seconds(meter, 9);
        assertThat(disk.log).isEmpty();

        seconds(meter, 1);

        var record = disk.log.getFirst();
        assertThat(record.kind()).isEqualTo(Kind.CLOSE);
        assertThat(record.bucket()).isEqualTo(MeterRecord.bucketOf(START));
        assertThat(record.sequence()).isEqualTo(1);
        assertThat(record.epoch()).isEqualTo(1);
        assertThat(record.bytesOut()).isEqualTo(900);
        assertThat(record.activeNanos()).isEqualTo(9 * SECOND);
        assertThat(record.peakBps()).as("1,000 bytes in one second").isEqualTo(8_000);
        assertThat(record.exact()).isTrue();
    }

    @Test
    void measuresThePeakOfANewEpochInTheTimeInWhichItWasCounted() throws IOException {
        var meter = open();
        meter.read(now());
        workers = List.of(worker("b", 0, Counts.ZERO)); // "a" was killed
        meter.read(now());
        steadily(meter, 400);

        assertThat(disk.log).extracting(MeterRecord::kind).containsExactly(Kind.FINAL, Kind.CLOSE);
        assertThat(disk.log)
                .extracting(MeterRecord::peakBps)
                .as("1,000 bytes a second")
                .containsOnly(8_000L);
    }

    @Test
    void spreadsWhatWasCountedInAPauseAndSaysSo() throws IOException {
        for (int pause : List.of(60, 1_200)) {
            for (boolean doubtful : List.of(false, true)) {
                disk.log.clear();
                disk.save(null);
                wall = START;
                workers = List.of(worker("a", 0, Counts.ZERO));
                var meter = open();
                meter.read(now());
                workers = doubtful ? List.of(worker("b", 0, Counts.ZERO)) : workers;
                meter.read(now());
                steadily(meter, 5);
                passSteadily(pause);
                meter = pause == 60 ? meter : open();
                steadily(meter, 700);
                meter.end(true);

                var ledger = new Ledger();
                disk.log.forEach(ledger::receive);
                assertThat(ledger.total("shop").bytesOut()).isEqualTo((5 + pause + 700) * 1_000L);
                assertThat(ledger.activeNanos("shop")).isEqualTo((5 + pause + 700) * SECOND);
                assertThat(ledger.of("shop"))
                        .extracting(MeterRecord::peakBps)
                        .allMatch(peak -> peak <= 8_000, "no more than 1,000 bytes a second");
                long last = MeterRecord.bucketOf(wall);
                long resumed = MeterRecord.bucketOf(START.plusSeconds(5 + pause));
                ledger.byBucket("shop").forEach((bucket, usage) -> {
                    assertThat(usage.nanos()).isLessThanOrEqualTo(300 * SECOND);
                    assertThat(usage.exact())
                            .as("bucket %d of %d to %d", bucket, resumed, last)
                            .isEqualTo(bucket > resumed);
                });
            }
        }
    }

    /** Each second another 1,000 bytes. */
    private void steadily(Meter meter, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            passSteadily(1);
            meter.read(now());
        }
    }

    private void passSteadily(int seconds) {
        pass(seconds);
        workers = workers.stream()
                .map(worker -> worker(
                        worker.id(), 0, worker.services().get("shop").plus(new Counts(0, seconds * 1_000L, 0, 0))))
                .toList();
    }

    @Test
    void takesNoPeakOfWhatIsToldLate() throws IOException {
        var meter = open();
        meter.read(now());
        steadily(meter, 2);
        var silent = workers;
        for (int i = 0; i < 20; i++) {
            workers = List.of();
            meter.read(now());
            workers = silent;
            passSteadily(1);
            silent = workers;
        }
        meter.read(now());
        steadily(meter, 30);
        meter.end(true);

        assertThat(disk.log).extracting(MeterRecord::peakBps).allMatch(peak -> peak <= 8_000);
        assertThat(disk.log)
                .extracting(MeterRecord::exact)
                .as("on which side of the boundary it was counted")
                .containsOnly(false);
    }

    @Test
    void startsThePeakAnewInEachBucket() throws IOException {
        var meter = open();
        meter.read(now());
        workers = List.of(worker("a", 0, new Counts(0, 1_000_000, 1, 1)));
        seconds(meter, 11);
        workers = List.of(worker("a", 0, new Counts(0, 1_000_500, 2, 2)));
        seconds(meter, 300);

        assertThat(disk.log).extracting(MeterRecord::peakBps).containsExactly(8_000_000L, 4_000L);
        assertThat(disk.log).extracting(MeterRecord::sequence).containsExactly(1L, 2L);
    }

    @Test
    void writesNothingForAServiceThatIsDisabledAndQuiet() throws IOException {
        active.clear();
        var meter = open();
        seconds(meter, 700);

        assertThat(disk.log).isEmpty();
    }

    @Test
    void endsTheEpochOfAServiceThatIsGoneOnceNoWorkerCountsForItAnyMore() throws IOException {
        var meter = open();
        meter.read(now());
        active.clear();
        workers = List.of(
                worker("a", 1, new Counts(1, 10, 1, 1)), new Snapshot.Worker("b", false, false, false, 0, Map.of()));
        meter.read(now());
        assertThat(disk.log).isEmpty();
        workers = List.of(
                new Snapshot.Worker("a", true, false, false, 0, Map.of("shop", new Counts(2, 20, 1, 1))),
                new Snapshot.Worker("b", false, false, false, 0, Map.of()));
        meter.read(now());
        workers = List.of(new Snapshot.Worker("b", false, false, false, 0, Map.of()));
        meter.read(now());

        assertThat(disk.log).hasSize(1);
        var last = disk.log.getFirst();
        assertThat(last.kind()).isEqualTo(Kind.FINAL);
        assertThat(last.bytesOut()).isEqualTo(20);
        assertThat(last.exact()).isTrue();
    }

    @Test
    void forgetsAServiceThatIsGoneAndGoesOnBehindItsLastEpochIfItComesBack() throws IOException {
        var meter = open();
        meter.read(now());
        active.clear();
        workers = List.of(new Snapshot.Worker("b", false, false, false, 0, Map.of()));
        seconds(meter, 1);
        var stream = disk.log.getLast().stream();
        meter.retire(Set.of(stream), service -> true);
        assertThat(state()).as("not acknowledged").contains("\"service\":\"shop\"");
        meter.retire(Set.of(), service -> false);
        assertThat(state()).as("the kernel counts still").contains("\"service\":\"shop\"");

        meter.retire(Set.of(), service -> true);
        assertThat(state()).contains("\"registers\":[]");

        meter = open();
        active.put("shop", Source.PROXY);
        seconds(meter, 1);
        workers = List.of(worker("b", 0, new Counts(3, 30, 1, 1)));
        meter.flush(now());
        assertThat(disk.log.getLast().epoch()).isEqualTo(2);
        assertThat(disk.log.getLast().bytesOut()).isEqualTo(30);
        assertThat(disk.log.getLast().exact()).isTrue();
    }

    @Test
    void keepsNothingOfServicesThatAreGoneForLongAndGivesNoEpochOutTwice() throws IOException {
        active.clear();
        var meter = open();
        var used = new HashMap<UUID, Long>();
        var largest = 0;
        for (int i = 0; i < 3 * Registers.MOST_RETIRED; i++) {
            active.put("service-" + i, Source.PROXY);
            seconds(meter, 1);
            meter.flush(now());
            active.clear();
            seconds(meter, 1);
            meter.retire(Set.of(), service -> true);
            if (i == Registers.MOST_RETIRED) {
                largest = disk.size();
            }
        }
        disk.log.forEach(record -> used.put(record.stream(), record.epoch()));
        assertThat(disk.size()).isLessThan(largest + 100);

        active.put("service-0", Source.PROXY);
        seconds(meter, 2);
        meter.flush(now());
        var back = disk.log.getLast();
        assertThat(back.virtualService()).isEqualTo("service-0");
        assertThat(back.epoch()).isGreaterThan(used.get(back.stream()));
    }

    private String state() {
        return new String(disk.load().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void endsADoubtfulEpochWithItsBucket() throws IOException {
        var meter = open();
        meter.read(now());
        workers = List.of(worker("b", 0, Counts.ZERO)); // "a" was killed
        seconds(meter, 12);
        workers = List.of(worker("b", 0, new Counts(5, 5, 1, 1)));
        seconds(meter, 300);

        assertThat(disk.log).extracting(MeterRecord::kind).containsExactly(Kind.FINAL, Kind.CLOSE);
        assertThat(disk.log).extracting(MeterRecord::exact).containsExactly(false, true);
        assertThat(disk.log).extracting(MeterRecord::epoch).containsExactly(1L, 2L);
        assertThat(disk.log.get(1).nonce()).isNotEqualTo(disk.log.get(0).nonce());
    }

    @Test
    void staysExactWhenAReplacedWorkerWasReadAfterItsLastClient() throws IOException {
        var meter = open();
        meter.read(now());
        workers = List.of(ended("a", true, new Counts(7, 70, 3, 2)), worker("b", 1, new Counts(1, 10, 1, 1)));
        seconds(meter, 1);
        workers = List.of(worker("b", 0, new Counts(2, 20, 2, 1)));
        seconds(meter, 310);
        meter.flush(now());

        assertThat(disk.log).extracting(MeterRecord::exact).doesNotContain(false);
        assertThat(disk.log).extracting(MeterRecord::epoch).containsOnly(1L);
        assertThat(disk.log.getLast().bytesOut()).isEqualTo(90);
    }

    @Test
    void doubtsTheEpochInWhichAWorkerWasKilled() throws IOException {
        var meter = open();
        workers = List.of(worker("a", 1, new Counts(5, 50, 2, 2)));
        meter.read(now());
        workers = List.of(ended("a", false, new Counts(5, 50, 2, 2)), worker("b", 0, Counts.ZERO));
        seconds(meter, 1);
        workers = List.of(worker("b", 0, Counts.ZERO));
        seconds(meter, 20);

        assertThat(disk.log).extracting(MeterRecord::exact).containsExactly(false);
        assertThat(disk.log.getFirst().bytesOut()).isEqualTo(50);
    }

    @Test
    void goesOnFromWhatItCountedOfAWorkerThatWasTakenForDead() throws IOException {
        var meter = open();
        workers = List.of(worker("a", 1, new Counts(1_000, 9_000, 2, 2)));
        meter.read(now());
        workers = List.of(ended("a", false, new Counts(1_000, 9_000, 2, 2)));
        seconds(meter, 1);
        meter = open();
        workers = List.of(worker("a", 1, new Counts(1_000, 9_000, 2, 2)));
        seconds(meter, 1);
        workers = List.of();
        seconds(meter, 1);
        workers = List.of(worker("a", 1, new Counts(1_010, 9_100, 3, 2)));
        seconds(meter, 1);
        meter.end(true);

        var ledger = new Ledger();
        disk.log.forEach(ledger::receive);
        assertThat(ledger.total("shop")).isEqualTo(new Counts(1_010, 9_100, 3, 2));
        assertThat(ledger.exact("shop")).as("it may as well have died").isFalse();
    }

    @Test
    void remembersAllWorkersThatCannotBeReadAtOnce() throws IOException {
        var many = java.util.stream.IntStream.range(0, 30)
                .mapToObj(i -> worker("w" + i, 1, new Counts(1_000, 1_000, 1, 1)))
                .toList();
        var meter = open();
        workers = many;
        seconds(meter, 1);
        meter = open();
        workers = List.of();
        seconds(meter, 2);
        workers = many;
        seconds(meter, 1);
        meter.end(true);

        var ledger = new Ledger();
        disk.log.forEach(ledger::receive);
        assertThat(ledger.total("shop")).isEqualTo(new Counts(30_000, 30_000, 30, 30));
    }

    @Test
    void remembersNoMoreThanAFewWorkersThatAreGone() throws IOException {
        var meter = open();
        for (int i = 0; i < 100; i++) {
            workers = List.of(worker("w" + i, 1, new Counts(1, 1, 1, 1)));
            seconds(meter, 1);
        }
        int after100 = disk.size();
        for (int i = 100; i < 999; i++) {
            workers = List.of(worker("w" + i, 1, new Counts(1, 1, 1, 1)));
            seconds(meter, 1);
        }
        assertThat(disk.size()).isLessThan(after100 + 200);
        workers = List.of(worker("w998", 1, new Counts(1, 1, 1, 1)), worker("w997", 1, new Counts(1, 1, 1, 1)));
        seconds(meter, 1);
        meter.end(true);
        var ledger = new Ledger();
        disk.log.forEach(ledger::receive);
        assertThat(ledger.total("shop").bytesIn()).isEqualTo(999);
    }

    @Test
    void countsTheServiceTimeThatPassedWithoutAnAgent() throws IOException {
        var meter = open();
        meter.read(now());
        seconds(meter, 2);
        pass(120);

        var next = open();
        var positions = next.flush(now());

        assertThat(positions).extracting(MeterAck::sequence).containsExactly(2L);
        assertThat(disk.log.getLast().activeNanos()).isEqualTo(122 * SECOND);
        assertThat(disk.log.getLast().epoch()).isEqualTo(1);
    }

    @Test
    void endsEveryEpochWhenTheMachineWasRestarted() throws IOException {
        var meter = open();
        workers = List.of(worker("a", 0, new Counts(1, 2, 3, 4)));
        meter.read(now());
        boot = "boot-2";
        mono = 0;
        workers = List.of(worker("z", 0, new Counts(10, 20, 1, 1)));

        var next = open();
        next.flush(now());

        assertThat(disk.log).extracting(MeterRecord::kind).containsExactly(Kind.FINAL, Kind.CLOSE);
        assertThat(disk.log.get(0).exact()).isFalse();
        assertThat(disk.log.get(1).epoch()).isEqualTo(2);
        assertThat(disk.log.get(1).bytesOut()).isEqualTo(20);
    }

    @Test
    void neitherRepeatsAnEpochNorBillsTwiceWhenItsStateIsLost() throws IOException {
        disk.lost = true;
        workers = List.of(worker("a", 0, new Counts(1_000, 1_000, 10, 10)));
        var meter = open();
        meter.read(now());
        workers = List.of(worker("a", 0, new Counts(1_100, 1_100, 11, 11)));
        meter.flush(now());

        var record = disk.log.getFirst();
        assertThat(record.epoch()).isGreaterThan(START.getEpochSecond());
        assertThat(record.bytesIn()).isEqualTo(100);
        assertThat(record.exact()).isFalse();
    }

    @Test
    void takesBytesFromTheKernelAndTheRestFromHaproxy() throws IOException {
        active.put("shop", Source.KERNEL);
        var meter = open();
        kernel.put("shop", new Counts(0, 0, 0, 0));
        meter.read(now());
        kernel.put("shop", new Counts(700, 7_000, 0, 0));
        workers = List.of(worker("a", 0, new Counts(500, 5_000, 3, 2)));
        meter.flush(now());

        var record = disk.log.getFirst();
        assertThat(record.source()).isEqualTo(Source.KERNEL);
        assertThat(record.stream()).isEqualTo(MeterRecord.streamOf(INSTANCE, "shop", Source.KERNEL));
        assertThat(record.bytesIn()).isEqualTo(700);
        assertThat(record.bytesOut()).isEqualTo(7_000);
        assertThat(record.requests()).isEqualTo(3);
        assertThat(record.connections()).isEqualTo(2);
    }

    @Test
    void startsAnEpochWhenTheKernelsCountersBeganAgain() throws IOException {
        active.put("shop", Source.KERNEL);
        var meter = open();
        kernel.put("shop", new Counts(700, 7_000, 0, 0));
        meter.read(now());
        kernel.put("shop", new Counts(5, 50, 0, 0));
        meter.flush(now());

        assertThat(disk.log).extracting(MeterRecord::kind).containsExactly(Kind.FINAL, Kind.CLOSE);
        assertThat(disk.log).extracting(MeterRecord::bytesOut).containsExactly(7_000L, 50L);
    }

    @Test
    void billsNothingThatTheKernelCountedWhileHaproxyWasAsked() throws IOException {
        active.put("shop", Source.KERNEL);
        var meter = open();
        kernel.put("shop", new Counts(100, 1_000, 0, 0));
        workers = List.of(worker("a", 1, new Counts(90, 900, 1, 1)));
        meter.read(now());

        var counted = Map.copyOf(kernel);
        kernel.clear();
        active.put("shop", Source.PROXY);
        workers = List.of(worker("a", 1, new Counts(190, 1_900, 2, 1)));
        seconds(meter, 1);

        // Another agent, after a while: HAProxy has counted until now, the kernel all the time.
        active.put("shop", Source.KERNEL);
        kernel.put("shop", new Counts(310, 3_300, 0, 0).plus(counted.get("shop")));
        workers = List.of(worker("a", 1, new Counts(390, 3_900, 4, 1)));
        pass(60);
        meter = open();
        meter.read(now());
        kernel.put("shop", kernel.get("shop").plus(new Counts(7, 70, 0, 0)));
        seconds(meter, 1);
        meter.end(true);

        var ledger = new Ledger();
        disk.log.forEach(ledger::receive);
        assertThat(ledger.total("shop")).isEqualTo(new Counts(100 + 300 + 7, 1_000 + 3_000 + 70, 4, 1));
        assertThat(disk.log)
                .filteredOn(record -> record.source() == Source.PROXY && record.kind() == Kind.FINAL)
                .extracting(MeterRecord::bytesIn)
                .as("one epoch, over the pause and until the kernel counts again")
                .containsExactly(300L);
        assertThat(disk.log)
                .filteredOn(record -> record.source() == Source.KERNEL && record.bytesIn() == 7)
                .extracting(MeterRecord::exact)
                .as("the two are not read at one moment")
                .containsExactly(false);
        assertThat(ledger.activeNanos("shop")).isEqualTo(62 * SECOND);
    }

    @Test
    void leavesToTheNextInstanceWhatComesAfterItsLastReading() throws IOException {
        var meter = open();
        workers = List.of(worker("a", 0, new Counts(100, 900, 1, 1)));
        meter.read(now());
        meter.end(true);
        var next = new ScriptedDisk();
        next.save(meter.inheritance(false));

        workers = List.of(worker("a", 0, new Counts(150, 1_000, 3, 2)));
        pass(5);
        var other = new Meter(new UUID(5, 5), next, new java.util.Random(6)::nextLong, boot, wall, mono);
        other.flush(now());

        assertThat(disk.log).extracting(MeterRecord::kind).containsExactly(Kind.FINAL);
        assertThat(disk.log.getFirst().bytesOut()).isEqualTo(900);
        assertThat(next.log).hasSize(1);
        assertThat(next.log.getFirst().bytesOut()).isEqualTo(100);
        assertThat(next.log.getFirst().requests()).isEqualTo(2);
        assertThat(next.log.getFirst().stream()).isEqualTo(MeterRecord.streamOf(new UUID(5, 5), "shop", Source.PROXY));
        assertThat(next.log.getFirst().exact()).isTrue();
    }

    @Test
    void billsWhatTheKernelCountedUntilAnotherInstanceTookOver() throws IOException {
        active.put("shop", Source.KERNEL);
        var meter = open();
        kernel.put("shop", new Counts(100, 1_000, 0, 0));
        workers = List.of(worker("a", 1, new Counts(90, 900, 1, 1)));
        meter.read(now());
        pass(5);
        meter = open();
        meter.end(wall, mono, Map.of("shop", new Counts(150, 1_500, 0, 0)), true);
        var states = Map.of(Source.KERNEL, meter.inheritance(true), Source.PROXY, meter.inheritance(true));
        assertThat(disk.log).last().satisfies(record -> {
            assertThat(record.kind()).isEqualTo(Kind.FINAL);
            assertThat(record.bytesOut()).isEqualTo(1_500);
            assertThat(record.exact()).isTrue();
        });

        for (var source : Source.values()) {
            var next = new ScriptedDisk();
            next.save(states.get(source));
            active.put("shop", source);
            kernel.clear();
            if (source == Source.KERNEL) {
                kernel.put("shop", new Counts(7, 70, 0, 0));
            }
            workers = List.of(worker("a", 1, new Counts(145, 1_450, 3, 2)));
            var other = new Meter(new UUID(5, 5), next, new java.util.Random(6)::nextLong, boot, wall, mono);
            other.read(now());
            workers = List.of(worker("a", 1, new Counts(146, 1_460, 3, 2)));
            other.flush(now());

            var record = next.log.getLast();
            assertThat(record.bytesOut())
                    .as("what came after that, by %s", source)
                    .isEqualTo(source == Source.KERNEL ? 70 : 10);
            assertThat(record.requests()).isEqualTo(2);
            assertThat(record.exact()).isEqualTo(source == Source.KERNEL);
        }
    }

    @Test
    void goesOnSlowlyWhenTheClockIsSetBackALittle() throws IOException {
        var meter = open();
        meter.read(now());
        wall = wall.minusSeconds(240);
        seconds(meter, 1_200);
        meter.end(true);

        assertThat(disk.log).extracting(MeterRecord::at).isSorted();
        assertThat(disk.log).extracting(MeterRecord::bucket).isSorted();
        assertThat(disk.log.getFirst().exact())
                .as("more seconds than the bucket has")
                .isFalse();
        assertThat(disk.log.getLast().exact()).as("it has caught up").isTrue();
        assertThat(disk.log.getLast().at()).isEqualTo(wall);
        var ledger = new Ledger();
        disk.log.forEach(ledger::receive);
        assertThat(ledger.activeNanos("shop")).isEqualTo(1_200 * SECOND);
    }

    @Test
    void goesOnAtItsOwnPaceAsLongAsNobodyConfirmsAJumpOfTheClock() throws IOException {
        for (var jump : List.of(java.time.Duration.ofDays(400), java.time.Duration.ofDays(-400))) {
            disk.log.clear();
            disk.save(null);
            wall = START;
            workers = List.of(worker("a", 0, Counts.ZERO));
            var meter = open();
            attest(meter);
            meter.read(now());
            steadily(meter, 20);
            wall = wall.plus(jump);
            steadily(meter, 300);
            meter = open();
            steadily(meter, 300);
            wall = wall.minus(jump);
            steadily(meter, 900);
            meter.end(true);

            var ledger = new Ledger();
            disk.log.forEach(ledger::receive);
            assertThat(ledger.total("shop").bytesOut()).isEqualTo(1_520_000);
            assertThat(ledger.byBucket("shop").keySet())
                    .allMatch(bucket -> bucket >= MeterRecord.bucketOf(START) && bucket <= MeterRecord.bucketOf(wall));
            assertThat(disk.log).extracting(MeterRecord::bucket).isSorted();
            assertThat(disk.log)
                    .filteredOn(record -> record.at().isAfter(START.plusSeconds(20))
                            && record.at().isBefore(START.plusSeconds(620)))
                    .extracting(MeterRecord::exact)
                    .containsOnly(false);
            assertThat(disk.log.getLast().exact()).isTrue();
        }
    }

    /** The machine slept: its monotonic clock knows nothing of that. */
    @Test
    void followsAJumpOfTheClockThatManagementConfirms() throws IOException {
        var meter = open();
        attest(meter);
        meter.read(now());
        steadily(meter, 5);
        wall = wall.plusSeconds(7_200);
        steadily(meter, 5);
        attest(meter);
        steadily(meter, 900);
        meter.end(true);

        var ledger = new Ledger();
        disk.log.forEach(ledger::receive);
        assertThat(ledger.total("shop").bytesOut()).isEqualTo(910_000);
        assertThat(disk.log.getLast().at()).isEqualTo(wall);
        assertThat(disk.log.getLast().exact()).isTrue();
        assertThat(disk.log.getFirst().exact()).isFalse();
    }

    /** Of two managements one has a wrong clock, and they answer in turn. */
    @Test
    void goesByNoTimeThatManagementSaysOnce() throws IOException {
        var meter = open();
        attest(meter);
        meter.read(now());
        for (int i = 0; i < 20; i++) {
            meter.attest(wall.plusSeconds(86_400), mono);
            steadily(meter, 30);
            meter.attest(wall, mono);
            steadily(meter, 30);
        }
        meter.end(true);

        assertThat(disk.log).extracting(MeterRecord::exact).containsOnly(true);
        assertThat(disk.log).extracting(MeterRecord::at).allMatch(at -> !at.isAfter(wall));
    }

    @Test
    void endsEveryEpochWhereTimeGoesOnOnceManagementSaysThatItWasInTheFuture() throws IOException {
        for (boolean restarted : List.of(false, true)) {
            disk.log.clear();
            disk.save(null);
            boot = "boot-1";
            wall = START.plusSeconds(400 * 86_400L);
            workers = List.of(worker("a", 0, Counts.ZERO));
            var meter = open();
            meter.read(now());
            steadily(meter, 700);
            wall = START;
            long counted = 700;
            if (restarted) {
                boot = "boot-2";
                mono = SECOND;
                workers = List.of(worker("z", 0, Counts.ZERO));
                meter = open();
            }
            steadily(meter, 20);
            attest(meter);
            steadily(meter, 700);
            meter.end(true);

            var ledger = new Ledger();
            disk.log.stream()
                    .filter(record -> !record.at().isAfter(wall) && record.bucket() <= MeterRecord.bucketOf(wall))
                    .forEach(ledger::receive);
            assertThat(ledger.total("shop").bytesOut())
                    .as("what management takes now")
                    .isEqualTo((counted + 720) * 1_000);
            assertThat(disk.log)
                    .filteredOn(record -> record.kind() == Kind.FINAL)
                    .first()
                    .extracting(MeterRecord::exact)
                    .isEqualTo(false);
            assertThat(disk.log.getLast().exact()).isTrue();
            disk.log.forEach(ledger::receive);
            assertThat(ledger.total("shop").bytesOut())
                    .as("and what it takes later")
                    .isEqualTo((counted + 720) * 1_000);
            assertThat(ledger.byBucket("shop").values().stream()
                            .mapToLong(Ledger.Usage::bytes)
                            .sum())
                    .isEqualTo((counted + 720) * 1_000);
        }
    }

    /** By a snapshot of the whole virtual machine, so that no boot tells. */
    @Test
    void goesOnBehindWhatManagementHasOnceTheMachineWasSetBackWithItsMemory() throws IOException {
        var ledger = new Ledger();
        var meter = open();
        meter.read(now());
        steadily(meter, 700);
        var state = disk.load().orElseThrow();
        var memory = workers;
        long then = mono;
        steadily(meter, 900);
        disk.log.forEach(ledger::receive);
        long known = ledger.total("shop").bytesOut();

        disk.log.clear();
        disk.save(state);
        workers = memory;
        mono = then;
        meter = open();
        attest(meter);
        steadily(meter, 20);
        meter.committed(ledger.acks());
        steadily(meter, 20);
        meter.committed(ledger.acks());
        steadily(meter, 600);
        meter.end(true);

        long newest = ledger.acks().stream().mapToLong(MeterAck::epoch).max().orElseThrow();
        var epochs = disk.log.stream().filter(record -> record.epoch() > newest).toList();
        epochs.forEach(ledger::receive);
        assertThat(ledger.total("shop").bytesOut() - known)
                .as("all but what had passed before management told")
                .isEqualTo(620_000);
        assertThat(epochs).extracting(MeterRecord::epoch).startsWith(newest + 1).endsWith(newest + 2);
        assertThat(epochs.getFirst().exact()).isFalse();
        assertThat(epochs.getLast().exact()).isTrue();
    }

    /** Two copies of one machine would make epochs without end. */
    @Test
    void givesWayToOthersOnceInABucket() throws IOException {
        var meter = open();
        meter.read(now());
        var stream = MeterRecord.streamOf(INSTANCE, "shop", Source.PROXY);
        for (long epoch = 10; epoch < 300; epoch++) {
            meter.committed(List.of(new MeterAck(stream, epoch, 1)));
            steadily(meter, 1);
        }

        assertThat(disk.log)
                .extracting(MeterRecord::epoch)
                .hasSize(3)
                .startsWith(1L, 11L)
                .isSorted();
        assertThat(disk.log).extracting(MeterRecord::exact).containsOnly(false);
        meter.committed(List.of(new MeterAck(stream, 299, 7, List.of(new MeterAck.Range(9, 11)))));
        steadily(meter, 1);
        meter.flush(now());
        assertThat(disk.log.getLast().epoch()).isLessThan(299);
        steadily(meter, 300);
        meter.end(true);
        assertThat(disk.log.getLast().epoch()).isEqualTo(300);
    }

    @Test
    void doubtsWhatTheKernelCountedWhileItCouldNotBeRead() throws IOException {
        active.put("shop", Source.KERNEL);
        var meter = open();
        kernel.put("shop", new Counts(0, 0, 0, 0));
        meter.read(now());
        kernel.clear();
        seconds(meter, 60);
        kernel.put("shop", new Counts(0, 61_000, 0, 0));
        seconds(meter, 1);
        meter.end(true);

        assertThat(disk.log).extracting(MeterRecord::bytesOut).containsExactly(0L, 61_000L);
        assertThat(disk.log).extracting(MeterRecord::exact).containsOnly(false);
        assertThat(disk.log).extracting(MeterRecord::peakBps).containsOnly(0L);
    }

    private void attest(Meter meter) {
        meter.attest(wall, mono);
        meter.attest(wall, mono);
    }

    private Meter open() throws IOException {
        return new Meter(INSTANCE, disk, new java.util.Random(5)::nextLong, boot, wall, mono);
    }

    private void seconds(Meter meter, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            pass(1);
            meter.read(now());
        }
    }

    private void pass(int seconds) {
        wall = wall.plusSeconds(seconds);
        mono += seconds * SECOND;
    }

    private Snapshot now() {
        return new Snapshot(wall, mono, Map.copyOf(active), workers, Map.copyOf(kernel));
    }

    private static Snapshot.Worker worker(String id, long open, Counts counts) {
        return new Snapshot.Worker(id, false, false, false, open, Map.of("shop", counts));
    }

    private static Snapshot.Worker ended(String id, boolean complete, Counts counts) {
        return new Snapshot.Worker(id, complete, true, complete, 0, Map.of("shop", counts));
    }
}
