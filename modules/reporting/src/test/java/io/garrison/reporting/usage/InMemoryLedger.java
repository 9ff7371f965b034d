package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.reporting.ingest.StampedMeter;
import io.garrison.reporting.usage.Registers.Before;
import io.garrison.reporting.usage.Registers.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The two tables of the meter as maps, written by the same folding of batches; the SQL is compared with it in an IT. */
final class InMemoryLedger {

    private final SortedMap<Long, NavigableMap<Long, Reading>> readings = new TreeMap<>();
    private final SortedMap<Long, TreeSet<Long>> seen = new TreeMap<>();
    private final TreeSet<Long> finished = new TreeSet<>();

    void take(List<StampedMeter> records) {
        var batch = new MeterBatch();
        records.forEach(batch::add);
        for (var epoch : batch.epochs()) {
            epoch.intervals().forEach(this::take);
        }
        for (var record : records) {
            seen.computeIfAbsent(record.meter().epoch(), ignored -> new TreeSet<>())
                    .add(record.meter().sequence());
            if (record.meter().kind() == Kind.FINAL) {
                finished.add(record.meter().epoch());
            }
        }
    }

    private void take(MeterBatch.Interval interval) {
        var newest = interval.newest().meter();
        readings.computeIfAbsent(newest.epoch(), ignored -> new TreeMap<>())
                .merge(newest.bucket(), reading(interval), (old, fresh) -> {
                    var peak = Math.max(old.peakBps(), fresh.peakBps());
                    return withPeak(fresh.sequence() > old.sequence() ? fresh : old, peak);
                });
    }

    /** As the ledger's queries cut them: one reading before the range, one after it. */
    List<Registers> registers(StreamKey stream, long firstHour, long endHour) {
        var registers = new ArrayList<Registers>();
        readings.forEach((epoch, all) -> {
            var cut = new ArrayList<Reading>();
            var before = all.lowerEntry(firstHour * 12);
            var after = all.ceilingEntry(endHour * 12);
            var former = Before.NOTHING;
            if (before != null) {
                cut.add(before.getValue());
                for (var reading : all.headMap(before.getKey(), false).values()) {
                    former = former.and(reading);
                }
            }
            cut.addAll(all.subMap(firstHour * 12, endHour * 12).values());
            if (after != null) {
                cut.add(after.getValue());
            }
            registers.add(new Registers(epoch, finished.contains(epoch), false, ranges(epoch), former, cut));
        });
        return registers;
    }

    private SequenceRanges ranges(long epoch) {
        var bounds = new ArrayList<Long>();
        for (var sequence : seen.get(epoch)) {
            if (!bounds.isEmpty() && bounds.getLast().equals(sequence)) {
                bounds.set(bounds.size() - 1, sequence + 1);
            } else {
                bounds.add(sequence);
                bounds.add(sequence + 1);
            }
        }
        return new SequenceRanges(bounds.stream().mapToLong(Long::longValue).toArray());
    }

    private static Reading reading(MeterBatch.Interval interval) {
        var stamped = interval.newest();
        MeterRecord meter = stamped.meter();
        return new Reading(
                meter.bucket(),
                meter.sequence(),
                stamped.subLicense(),
                meter.at(),
                meter.bytesIn(),
                meter.bytesOut(),
                meter.requests(),
                meter.connections(),
                meter.activeNanos(),
                interval.peakBps(),
                meter.exact());
    }

    private static Reading withPeak(Reading r, long peak) {
        return new Reading(
                r.bucket(),
                r.sequence(),
                r.subLicense(),
                r.at(),
                r.bytesIn(),
                r.bytesOut(),
                r.requests(),
                r.connections(),
                r.activeNanos(),
                peak,
                r.exact());
    }
}
