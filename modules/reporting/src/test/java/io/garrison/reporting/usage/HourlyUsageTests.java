package io.garrison.reporting.usage;

import static io.garrison.reporting.usage.SimulatedStream.byHour;
import static io.garrison.reporting.usage.SimulatedStream.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.reporting.ingest.StampedMeter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Loss-free, idempotent, order-free: what the registers say in every delivery history (I1, I2, F14). */
class HourlyUsageTests {

    private static final int HISTORIES = 4_000;

    /** Hours that are over, and in which the instance was there. */
    private static final long END = SimulatedStream.FIRST_BUCKET / 12 + 100;

    @Test
    void billsTheTruthHoweverCompleteHistoriesAreDelivered() {
        for (var seed = 0; seed < HISTORIES; seed++) {
            var random = new Random(seed);
            var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID())
                    .live(1 + random.nextInt(4), 1 + random.nextInt(40));

            var usage = deliver(edge, shuffledWithRepeats(edge.records, random), random).stream()
                    .filter(line -> !line.isSilence()) // the last epoch may be open
                    .toList();

            assertThat(byHourOf(usage, Metric.BYTES_IN)).as("seed %d", seed).isEqualTo(byHour(edge.bytesByBucket));
            assertThat(byHourOf(usage, Metric.REQUESTS)).as("seed %d", seed).isEqualTo(byHour(edge.requestsByBucket));
            assertThat(usage).as("seed %d", seed).allMatch(line -> line.quality() == Quality.EXACT);
            assertThat(secondsOf(usage))
                    .as("seed %d", seed)
                    .isEqualByComparingTo(BigDecimal.valueOf(sum(edge.nanosByBucket), 9));
        }
    }

    @Test
    void neverBillsMoreThanTheTruthAndSaysWhereItMayBeOff() {
        var lossy = 0;
        for (var seed = 0; seed < HISTORIES; seed++) {
            var random = new Random(seed);
            var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID())
                    .live(1 + random.nextInt(4), 1 + random.nextInt(40));
            var arrived = new ArrayList<StampedMeter>();
            edge.records.stream().filter(record -> random.nextInt(4) > 0).forEach(arrived::add);
            if (arrived.isEmpty()) {
                continue;
            }

            var usage = deliver(edge, shuffledWithRepeats(arrived, random), random);

            var billed = byHourOf(usage, Metric.BYTES_IN);
            assertThat(sum(billed)).as("seed %d", seed).isLessThanOrEqualTo(sum(edge.bytesByBucket));
            assertThat(sum(billed)).as("seed %d: telescoped", seed).isEqualTo(newestRegisters(arrived));
            if (newestEpoch(arrived) < newestEpoch(edge.records)) {
                continue; // of an epoch of which nothing has come, nobody can know
            }
            var truth = byHour(edge.bytesByBucket);
            for (var line : usage) {
                if (line.metric() == Metric.BYTES_IN && line.quality() == Quality.EXACT && line.completeness() == 1) {
                    assertThat(line.quantity().longValueExact())
                            .as("seed %d, hour %s claims to be exact and complete", seed, line.from())
                            .isEqualTo(truth.getOrDefault(line.from().getEpochSecond() / 3_600, 0L));
                }
            }
            lossy += arrived.size() < edge.records.size() ? 1 : 0;
        }
        assertThat(lossy).isGreaterThan(3_000);
    }

    @Test
    void endsAtTheTruthWhenWhatWasMissingComesLate() {
        // Histories have nothing in common, so each processor takes its part of them.
        IntStream.range(0, 500).parallel().forEach(seed -> {
            var random = new Random(seed);
            var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID()).live(3, 30);
            var order = new ArrayList<>(edge.records);
            Collections.shuffle(order, random);
            var ledger = new InMemoryLedger();

            var before = 0L;
            for (var record : order) {
                ledger.take(List.of(record));
                var billed = sum(byHourOf(derive(edge, ledger), Metric.BYTES_IN));
                assertThat(billed).as("seed %d: only grows", seed).isGreaterThanOrEqualTo(before);
                before = billed;
            }

            assertThat(before).isEqualTo(sum(edge.bytesByBucket));
        });
    }

    @Test
    void givesTheSameIdsAndBytesForTheSameRegisters() {
        var edge = new SimulatedStream(new Random(1), UUID.randomUUID(), UUID.randomUUID()).live(3, 40);

        var once = deliver(edge, edge.records, new Random(2));
        var again = deliver(edge, shuffledWithRepeats(edge.records, new Random(3)), new Random(4));

        assertThat(again).isEqualTo(once);
        assertThat(once).extracting(UsageRecord::id).doesNotHaveDuplicates();
    }

    @Test
    void cutsAnyRangeOutOfTheSameLines() {
        var random = new Random(11);
        var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID()).live(4, 60);
        var ledger = new InMemoryLedger();
        ledger.take(edge.records.stream().filter(r -> random.nextInt(5) > 0).toList());
        var whole = derive(edge, ledger);
        var first = SimulatedStream.FIRST_BUCKET / 12;

        for (var hour = first; hour < first + 30; hour++) {
            var from = hour;
            var part = HourlyUsage.derive(edge.key, ledger.registers(edge.key, from, from + 3), from, from + 3, END);
            assertThat(part)
                    .isEqualTo(whole.stream()
                            .filter(line -> line.from().getEpochSecond() / 3_600 >= from
                                    && line.from().getEpochSecond() / 3_600 < from + 3)
                            .toList());
        }
    }

    /** A machine that was set back with its memory counts in the same epoch with the same numbers. */
    @Test
    void saysThatNothingIsKnownOnceRegistersWentBackInWhateverRange() {
        var later = 0;
        for (var seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID()).live(1, 40);
            var ledger = new InMemoryLedger();
            ledger.take(edge.records);
            var most = newestRegisters(edge.records);
            var again = edge.setBackTo(1 + random.nextInt(edge.records.size()));
            ledger.take(again);
            if (again.isEmpty()) {
                continue;
            }

            var usage = derive(edge, ledger);
            var billed = sum(byHourOf(usage, Metric.BYTES_IN));
            assertThat(billed).as("seed %d", seed).isEqualTo(Math.max(most, newestRegisters(edge.records)));
            var since = again.getFirst().meter().bucket() / 12;
            assertThat(usage)
                    .as("seed %d", seed)
                    .filteredOn(line -> hourOf(line) >= since)
                    .isNotEmpty()
                    .allMatch(line -> line.quality() == Quality.ESTIMATED);
            later += usage.stream().anyMatch(line -> hourOf(line) > since) ? 1 : 0;
            requireTheSameInAnyRange(edge, ledger);
        }
        assertThat(later).isPositive();
    }

    /** One record that holds all is read when the clock is right again; those that were made before it come when it is time. */
    @Test
    void billsOnceWhatWasCountedWhileAClockWasInTheFuture() {
        var edge = new SimulatedStream(new Random(17), UUID.randomUUID(), UUID.randomUUID());
        var begin = SimulatedStream.FIRST_BUCKET;
        var ledger = new InMemoryLedger();
        ledger.take(List.of(edge.reading(1, 25, begin + 30, Kind.FINAL, 25_000, false)));
        ledger.take(IntStream.rangeClosed(1, 40)
                .mapToObj(i -> edge.reading(2, i, begin + 30 + i, Kind.CLOSE, 10 * i, true))
                .toList());
        requireOnce(derive(edge, ledger));

        ledger.take(IntStream.rangeClosed(1, 24)
                .mapToObj(i -> edge.reading(1, i, begin + 300 + i, Kind.CLOSE, 1_000 * i, true))
                .toList());

        var late = derive(edge, ledger);
        requireOnce(late);
        assertThat(late)
                .filteredOn(line -> line.metric() == Metric.BYTES_IN && hourOf(line) >= begin / 12 + 25)
                .isNotEmpty()
                .allMatch(line -> line.quantity().signum() == 0 && line.quality() == Quality.ESTIMATED);
        requireTheSameInAnyRange(edge, ledger);
    }

    private static void requireOnce(List<UsageRecord> usage) {
        var hour = SimulatedStream.FIRST_BUCKET / 12;
        assertThat(sum(byHourOf(usage, Metric.BYTES_IN))).isEqualTo(25_000 + 400);
        assertThat(usage)
                .filteredOn(line -> line.metric() == Metric.INSTANCE_SECONDS)
                .allMatch(line -> line.quantity().compareTo(BigDecimal.valueOf(3_600)) <= 0);
        assertThat(usage)
                .filteredOn(line -> hourOf(line) <= hour + 2)
                .allMatch(line -> line.quality() == Quality.ESTIMATED);
        assertThat(usage)
                .as("what the next epoch knows")
                .filteredOn(line -> hourOf(line) == hour + 3 || hourOf(line) == hour + 4)
                .isNotEmpty()
                .allMatch(line -> line.quality() == Quality.EXACT);
    }

    private static void requireTheSameInAnyRange(SimulatedStream edge, InMemoryLedger ledger) {
        var whole = derive(edge, ledger);
        var first = SimulatedStream.FIRST_BUCKET / 12;
        for (var hour = first; hour < first + 30; hour++) {
            var from = hour;
            assertThat(HourlyUsage.derive(edge.key, ledger.registers(edge.key, from, from + 3), from, from + 3, END))
                    .isEqualTo(whole.stream()
                            .filter(line -> hourOf(line) >= from && hourOf(line) < from + 3)
                            .toList());
        }
    }

    /** Nobody shall take silence for no use. */
    @Test
    void hasLinesOfNothingKnownForHoursInWhichTheStreamWasSilent() {
        var edge = new SimulatedStream(new Random(3), UUID.randomUUID(), UUID.randomUUID());
        edge.live(1, 30);
        var heard = edge.records.stream()
                .filter(record -> record.meter().kind() == Kind.CLOSE)
                .toList();
        var lastHour = heard.getLast().meter().bucket() / 12;
        var ledger = new InMemoryLedger();
        ledger.take(heard);

        var silent = derive(edge, ledger).stream()
                .filter(line -> line.from().getEpochSecond() / 3_600 > lastHour)
                .toList();

        assertThat(silent).hasSize((int) (END - lastHour - 1) * Metric.values().length);
        assertThat(silent).allMatch(UsageRecord::isSilence);
        assertThat(silent.getFirst().subLicenseId().value())
                .isEqualTo(heard.getLast().subLicense());
        assertThat(derive(edge, ledger)).extracting(UsageRecord::id).doesNotHaveDuplicates();
        var left = HourlyUsage.derive(
                edge.key, ledger.registers(edge.key, lastHour, lastHour + 10), lastHour, lastHour + 10, lastHour + 4);
        assertThat(left.getLast().from().getEpochSecond() / 3_600).as("it left").isEqualTo(lastHour + 3);
        var monthLater = lastHour + 39 * 24;
        assertThat(HourlyUsage.derive(
                        edge.key,
                        ledger.registers(edge.key, monthLater, monthLater + 96),
                        monthLater,
                        monthLater + 96,
                        Long.MAX_VALUE))
                .as("as long as an edge may keep records, and no longer")
                .hasSizeBetween(24 * Metric.values().length, 25 * Metric.values().length);
    }

    /** A stack may change its sub-licence, and each is billed for its own time. */
    @Test
    void givesSilentHoursToTheSubLicenceThatWasUsedBeforeThem() {
        var edge = new SimulatedStream(new Random(7), UUID.randomUUID(), UUID.randomUUID()).live(1, 1);
        var hour = edge.records.getFirst().meter().bucket() / 12;
        var other = UUID.randomUUID();
        var ledger = new InMemoryLedger();
        ledger.take(List.of(
                edge.reading(1, hour * 12, Kind.CLOSE, edge.subLicense),
                edge.reading(2, (hour + 5) * 12, Kind.CLOSE, other)));

        var silent = derive(edge, ledger).stream()
                .filter(line -> line.isSilence() && line.metric() == Metric.BYTES_IN)
                .toList();

        assertThat(silent).filteredOn(line -> hourOf(line) <= hour).isEmpty();
        assertThat(silent)
                .filteredOn(line -> hourOf(line) < hour + 5)
                .hasSize(4)
                .allMatch(line -> line.subLicenseId().value().equals(edge.subLicense));
        assertThat(silent)
                .filteredOn(line -> hourOf(line) >= hour + 5)
                .hasSize((int) (END - hour - 6))
                .allMatch(line -> line.subLicenseId().value().equals(other));
    }

    private static long hourOf(UsageRecord line) {
        return line.from().getEpochSecond() / 3_600;
    }

    @Test
    void hasNoLineAfterTheEndOfAStream() {
        var edge = new SimulatedStream(new Random(0), UUID.randomUUID(), UUID.randomUUID()).live(1, 30);
        for (var seed = 1; edge.records.getLast().meter().kind() != Kind.FINAL; seed++) {
            edge = new SimulatedStream(new Random(seed), UUID.randomUUID(), UUID.randomUUID()).live(1, 30);
        }
        var ledger = new InMemoryLedger();
        ledger.take(edge.records);

        assertThat(derive(edge, ledger)).noneMatch(UsageRecord::isSilence);
    }

    /** The end of an epoch may be lost; that of its successor is the stream's. */
    @Test
    void hasNoLineAfterTheEndOfAStreamWhoseFormerEpochStayedOpen() {
        var edge = new SimulatedStream(new Random(7), UUID.randomUUID(), UUID.randomUUID()).live(1, 1);
        var hour = edge.records.getFirst().meter().bucket() / 12;
        var ledger = new InMemoryLedger();
        ledger.take(List.of(
                edge.reading(1, hour * 12, Kind.CLOSE, edge.subLicense),
                edge.reading(2, (hour + 3) * 12, Kind.FINAL, edge.subLicense)));

        assertThat(derive(edge, ledger))
                .filteredOn(UsageRecord::isSilence)
                .hasSize(2 * Metric.values().length)
                .allMatch(line -> hourOf(line) == hour + 1 || hourOf(line) == hour + 2);
    }

    @Test
    void countsTheIntervalsOfAnHourThatAreKnown() {
        var random = new Random(5);
        var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID());
        edge.live(1, 1);
        var only = edge.records.getLast();
        var ledger = new InMemoryLedger();
        ledger.take(edge.records);

        var line = derive(edge, ledger).getFirst();

        // The service began in this interval. If the epoch is open, the rest of the hour is still to come.
        var inHour = 12 - only.meter().bucket() % 12;
        var ended = only.meter().kind() == Kind.FINAL;
        assertThat(line.completeness()).isEqualTo(ended ? 1 : Math.round(10_000.0 / inHour) / 10_000.0);
    }

    private static List<UsageRecord> deliver(SimulatedStream edge, List<StampedMeter> records, Random random) {
        var ledger = new InMemoryLedger();
        for (var from = 0; from < records.size(); ) {
            var to = Math.min(records.size(), from + 1 + random.nextInt(20));
            ledger.take(records.subList(from, to));
            from = to;
        }
        return derive(edge, ledger);
    }

    private static List<UsageRecord> derive(SimulatedStream edge, InMemoryLedger ledger) {
        var first = SimulatedStream.FIRST_BUCKET / 12 - 50;
        var end = first + 500;
        return HourlyUsage.derive(edge.key, ledger.registers(edge.key, first, end), first, end, END);
    }

    private static List<StampedMeter> shuffledWithRepeats(List<StampedMeter> records, Random random) {
        var delivered = new ArrayList<>(records);
        records.stream().filter(record -> random.nextInt(3) == 0).forEach(delivered::add);
        Collections.shuffle(delivered, random);
        return delivered;
    }

    private static Map<Long, Long> byHourOf(List<UsageRecord> usage, Metric metric) {
        var hours = new TreeMap<Long, Long>();
        usage.stream()
                .filter(line -> line.metric() == metric)
                .forEach(line -> hours.merge(
                        line.from().getEpochSecond() / 3_600, line.quantity().longValueExact(), Long::sum));
        return hours;
    }

    private static BigDecimal secondsOf(List<UsageRecord> usage) {
        return usage.stream()
                .filter(line -> line.metric() == Metric.INSTANCE_SECONDS)
                .map(UsageRecord::quantity)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static long newestEpoch(List<StampedMeter> records) {
        return records.stream()
                .mapToLong(record -> record.meter().epoch())
                .max()
                .orElse(0);
    }

    private static long newestRegisters(List<StampedMeter> records) {
        var newest = new TreeMap<Long, Long>();
        records.forEach(
                record -> newest.merge(record.meter().epoch(), record.meter().bytesIn(), Math::max));
        return sum(newest);
    }
}
