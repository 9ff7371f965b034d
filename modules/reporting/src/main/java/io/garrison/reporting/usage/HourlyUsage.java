package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.reporting.usage.Registers.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Derives the hourly usage of one stream from its registers. What an interval used is the difference between its reading
 * and the one before it in the same epoch. Where readings are missing between the two, the difference is spread evenly
 * over the intervals and marked as estimated: a gap moves usage in time, it never changes the total. Once a register or the
 * number of a reading has gone back within an epoch, as on a machine that was set back with its memory, nothing is known of
 * the rest of that epoch but what exceeds the highest reading. An hour in which the
 * stream was to be heard and was not has lines too, of nothing known, so that nobody takes silence for no use.
 */
final class HourlyUsage {

    private static final int BUCKETS_PER_HOUR = 3_600 / MeterRecord.BUCKET_SECONDS;

    /** No edge keeps records for longer; bounds what one broken register can make us compute. */
    private static final long LONGEST_GAP = 40L * 24 * BUCKETS_PER_HOUR;

    /** An edge may read its registers a moment before an interval ends. */
    private static final Duration BOUNDARY_TOLERANCE = Duration.ofSeconds(2);

    /** Its text comes before that of all others. */
    private static final UUID LOWEST = new UUID(0, 0);

    private final long firstBucket;
    private final long endBucket;
    private final SortedMap<HourKey, HourTotals> hours = new TreeMap<>();
    private final NavigableMap<Long, UUID> licenses = new TreeMap<>();
    private final BitSet present = new BitSet();
    private final BitSet expected = new BitSet();

    private HourlyUsage(long firstHour, long endHour) {
        this.firstBucket = firstHour * BUCKETS_PER_HOUR;
        this.endBucket = endHour * BUCKETS_PER_HOUR;
    }

    /**
     * The usage records of the hours in {@code [firstHour, endHour)}, by hour, sub-licence and metric.
     *
     * @param epochs ascending
     * @param firstHour hours since 1970-01-01T00:00Z
     * @param expectedUntil the hour from which on silence is no gap: it is not over, or the instance had left
     */
    static List<UsageRecord> derive(
            StreamKey stream, List<Registers> epochs, long firstHour, long endHour, long expectedUntil) {
        var usage = new HourlyUsage(firstHour, endHour);
        for (var i = 0; i < epochs.size(); i++) {
            usage.add(epochs.get(i), i + 1 < epochs.size() ? epochs.get(i + 1) : null);
        }
        if (!epochs.isEmpty() && epochs.getFirst().epoch() > 1) {
            usage.markStart(epochs.getFirst()); // its predecessors have not come
        }
        usage.markSilence(firstHour, Math.min(endHour, expectedUntil));
        return usage.records(stream);
    }

    private void add(Registers epoch, @Nullable Registers next) {
        var before = epoch.before();
        Reading previous = null;
        for (var reading : epoch.readings()) {
            licenses.put(reading.bucket(), reading.subLicense());
            var used = Counters.of(reading).since(before.highest());
            var isOlder = reading.sequence() <= before.sequence();
            before = before.and(reading);
            var since = previous == null ? start(epoch) : isOlder ? reading.bucket() : previous.bucket() + 1;
            var whole = epoch.seen().holds(previous == null ? 1 : previous.sequence() + 1, reading.sequence());
            var known = whole && reading.exact() && !epoch.quarantined() && !before.wentBack();
            spread(used, since, reading, !known || since < reading.bucket());
            if (previous != null) {
                present(previous.bucket());
                if (!whole) {
                    mark(previous);
                }
            }
            previous = reading;
        }
        if (previous != null) {
            end(epoch, previous, next);
        }
    }

    /**
     * An edge ends an epoch before it begins the next. So an end that has not come although the next epoch has, and an
     * epoch that was left out, are gaps, and only the last epoch of a stream may be open.
     */
    private void end(Registers epoch, Reading last, @Nullable Registers next) {
        var successor = next != null && next.epoch() == epoch.epoch() + 1;
        var ended = epoch.finished() && (next == null || successor);
        if (epoch.finished() || !last.at().isBefore(endOf(last.bucket()).minus(BOUNDARY_TOLERANCE))) {
            present(last.bucket());
        }
        var end = Math.min(last.bucket() + LONGEST_GAP, next == null ? Long.MAX_VALUE : start(next));
        expect(start(epoch), ended ? last.bucket() + 1 : Math.max(end, last.bucket() + 1));
        if (next != null && !ended) {
            mark(last);
            markStart(next);
        }
    }

    /** The hours in which intervals were due, and of which there is nothing, belong to the sub-licence that was used last. */
    private void markSilence(long firstHour, long endHour) {
        for (var hour = firstHour; hour < endHour; hour++) {
            var bucket = hour * BUCKETS_PER_HOUR;
            var due = expected.nextSetBit((int) (bucket - firstBucket));
            if (due >= 0 && due < bucket + BUCKETS_PER_HOUR - firstBucket && !isKnown(hour)) {
                hour(bucket, lastLicense(bucket)).add(Counters.ZERO, 0, true, true);
            }
        }
    }

    private boolean isKnown(long hour) {
        var after = hours.tailMap(new HourKey(hour, LOWEST));
        return !after.isEmpty() && after.firstKey().hour() == hour;
    }

    private UUID lastLicense(long bucket) {
        var before = licenses.floorEntry(bucket);
        return (before == null ? licenses.firstEntry() : before).getValue();
    }

    private static Instant endOf(long bucket) {
        return Instant.ofEpochSecond((bucket + 1) * MeterRecord.BUCKET_SECONDS);
    }

    /**
     * The interval in which the epoch began: that of the first reading, unless records before it are missing, or it holds
     * more time than an interval has, because it came where a clock was set right.
     */
    private static long start(Registers epoch) {
        if (epoch.readings().isEmpty()) {
            return Long.MAX_VALUE;
        }
        var first = epoch.readings().getFirst();
        var fits = first.exact() || first.activeNanos() <= MeterRecord.BUCKET_SECONDS * 1_000_000_000L;
        if (fits && epoch.seen().holds(1, first.sequence())) {
            return first.bucket();
        }
        var began = MeterRecord.bucketOf(first.at().minusNanos(first.activeNanos()));
        return Math.clamp(began, first.bucket() - LONGEST_GAP, first.bucket());
    }

    private void spread(Counters used, long since, Reading reading, boolean estimated) {
        var from = Math.max(Math.min(since, reading.bucket()), reading.bucket() - LONGEST_GAP);
        var parts = reading.bucket() - from + 1;
        for (var bucket = Math.max(from, firstBucket); bucket <= Math.min(reading.bucket(), endBucket - 1); bucket++) {
            var share = used.share(bucket - from, parts);
            var last = bucket == reading.bucket();
            hour(bucket, reading.subLicense())
                    .add(share, last ? reading.peakBps() : share.averageBps(), estimated, estimated);
        }
    }

    private void markStart(Registers epoch) {
        if (!epoch.readings().isEmpty()) {
            mark(epoch.readings().getFirst());
        }
    }

    /** Something of this interval is, or may be, counted in another one or not at all. */
    private void mark(Reading reading) {
        if (firstBucket <= reading.bucket() && reading.bucket() < endBucket) {
            hour(reading.bucket(), reading.subLicense()).add(Counters.ZERO, 0, true, true);
        }
    }

    private HourTotals hour(long bucket, UUID subLicense) {
        return hours.computeIfAbsent(new HourKey(bucket / BUCKETS_PER_HOUR, subLicense), key -> new HourTotals());
    }

    private void present(long bucket) {
        if (firstBucket <= bucket && bucket < endBucket) {
            present.set((int) (bucket - firstBucket));
        }
    }

    private void expect(long from, long end) {
        var first = Math.max(from, firstBucket);
        var last = Math.min(end, endBucket);
        if (first < last) {
            expected.set((int) (first - firstBucket), (int) (last - firstBucket));
        }
    }

    private double completeness(long hour) {
        var from = (int) (hour * BUCKETS_PER_HOUR - firstBucket);
        var known = present.get(from, from + BUCKETS_PER_HOUR);
        var due = expected.get(from, from + BUCKETS_PER_HOUR);
        due.or(known);
        return due.isEmpty() ? 0 : Math.round(10_000.0 * known.cardinality() / due.cardinality()) / 10_000.0;
    }

    private List<UsageRecord> records(StreamKey stream) {
        var records = new ArrayList<UsageRecord>();
        hours.forEach((key, totals) -> records.addAll(totals.records(stream, key, completeness(key.hour()))));
        return records;
    }

    /** Sub-licences of one hour come in the order of their text. */
    record HourKey(long hour, UUID subLicense) implements Comparable<HourKey> {
        @Override
        public int compareTo(HourKey other) {
            var byHour = Long.compare(hour, other.hour);
            return byHour != 0 ? byHour : subLicense.toString().compareTo(other.subLicense.toString());
        }
    }

    static Quality quality(boolean estimated) {
        return estimated ? Quality.ESTIMATED : Quality.EXACT;
    }
}
