package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.reporting.ingest.StampedMeter;
import io.garrison.reporting.usage.RegisterOrder.Stretch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The records of one poll, folded to one row per interval and one per epoch. */
final class MeterBatch {

    private static final Comparator<Epoch> IN_ORDER = Comparator.comparing((Epoch epoch) -> epoch.key().stream())
            .thenComparing(epoch -> epoch.key().epoch());

    private final Map<EpochKey, Epoch> epochs = new HashMap<>();

    void add(StampedMeter stamped) {
        epochs.computeIfAbsent(EpochKey.of(stamped), key -> new Epoch(key, stamped))
                .add(stamped);
    }

    /** In a fixed order, which keeps two writers that meet from locking each other out. */
    List<Epoch> epochs() {
        return epochs.values().stream().sorted(IN_ORDER).toList();
    }

    /** The newest record of an interval, and the highest peak of all its records. */
    static final class Interval {

        private StampedMeter newest;
        private long peakBps;

        private Interval(StampedMeter first) {
            newest = first;
        }

        private void merge(StampedMeter other) {
            if (other.meter().sequence() > newest.meter().sequence()) {
                newest = other;
            }
            peakBps = Math.max(peakBps, other.meter().peakBps());
        }

        StampedMeter newest() {
            return newest;
        }

        long peakBps() {
            return peakBps;
        }
    }

    /** Which records of an epoch have come. */
    static final class Epoch {

        private final EpochKey key;
        private final StampedMeter example;
        private final SortedMap<Long, Interval> intervals = new TreeMap<>();
        private final NavigableSet<Long> sequences = new TreeSet<>();
        private @Nullable Long finalSequence;

        private Epoch(EpochKey key, StampedMeter example) {
            this.key = key;
            this.example = example;
        }

        private void add(StampedMeter stamped) {
            intervals
                    .computeIfAbsent(stamped.meter().bucket(), ignored -> new Interval(stamped))
                    .merge(stamped);
            sequences.add(stamped.meter().sequence());
            if (stamped.meter().kind() == Kind.FINAL) {
                finalSequence = stamped.meter().sequence();
            }
        }

        EpochKey key() {
            return key;
        }

        StampedMeter example() {
            return example;
        }

        /** In the order of time. */
        Collection<Interval> intervals() {
            return intervals.values();
        }

        Stretch stretch() {
            return new Stretch(key.tenant(), key.stream(), key.epoch(), intervals.firstKey(), intervals.lastKey());
        }

        @Nullable
        Long finalSequence() {
            return finalSequence;
        }

        SequenceRanges seen() {
            List<Long> bounds = new ArrayList<>();
            var previous = Long.MIN_VALUE;
            for (var sequence : sequences) {
                if (sequence != previous + 1) {
                    if (!bounds.isEmpty()) {
                        bounds.add(previous + 1);
                    }
                    bounds.add(sequence);
                }
                previous = sequence;
            }
            bounds.add(previous + 1);
            return new SequenceRanges(bounds.stream().mapToLong(Long::longValue).toArray());
        }
    }
}
