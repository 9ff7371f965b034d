package io.garrison.edge.telemetry;

import java.util.TreeMap;

/** Sequence numbers, as few as possible ranges of them. Not thread-safe. */
final class SequenceSet {

    /** By their first number; they neither overlap nor touch. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Both ends included; nothing if {@code first} is after {@code last}. */
    void add(long first, long last) {
        if (first > last) {
            return;
        }
        long from = first;
        long to = last;
        for (var near = ranges.floorEntry(to + 1); near != null && near.getValue() >= from - 1; ) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            ranges.remove(near.getKey());
            near = ranges.floorEntry(to + 1);
        }
        ranges.put(from, to);
    }

    boolean holds(long sequence) {
        var range = ranges.floorEntry(sequence);
        return range != null && range.getValue() >= sequence;
    }

    /** How many of the numbers from {@code first} to {@code last} are here. */
    long count(long first, long last) {
        long count = 0;
        for (var range = ranges.floorEntry(last);
                range != null && range.getValue() >= first;
                range = ranges.lowerEntry(range.getKey())) {
            count += Math.min(last, range.getValue()) - Math.max(first, range.getKey()) + 1;
        }
        return count;
    }

    /** The highest number up to {@code last} that is not here. */
    long highestAbsent(long last) {
        var range = ranges.floorEntry(last);
        return range == null || range.getValue() < last ? last : range.getKey() - 1;
    }
}
