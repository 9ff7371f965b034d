package io.garrison.reporting.usage;

import io.garrison.protocol.MeterAck;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Which sequence numbers are present, as PostgreSQL writes an {@code int8multirange}: {@code {[1,5),[7,8)}}.
 *
 * @param bounds begin (inclusive) and end (exclusive) of each range, ascending, never touching
 */
public record SequenceRanges(long[] bounds) {

    public static SequenceRanges parse(String multirange) {
        var digits = multirange.replaceAll("[^0-9,]", "");
        if (digits.isEmpty()) {
            return new SequenceRanges(new long[0]);
        }
        return new SequenceRanges(
                Arrays.stream(digits.split(",")).mapToLong(Long::parseLong).toArray());
    }

    /** Whether every number from {@code first} to {@code last} is present; true if there is none between them. */
    boolean holds(long first, long last) {
        if (first > last) {
            return true;
        }
        for (var i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= first && last < bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** The newest ranges above a number, ascending; at most as many as an acknowledgement takes. */
    public List<MeterAck.Range> beyond(long sequence) {
        var ranges = new ArrayDeque<MeterAck.Range>();
        for (var i = bounds.length - 2; i >= 0 && ranges.size() < MeterAck.MAX_RANGES && bounds[i] > sequence; i -= 2) {
            ranges.addFirst(new MeterAck.Range(bounds[i], bounds[i + 1] - 1));
        }
        return List.copyOf(ranges);
    }

    long highest() {
        return bounds.length == 0 ? 0 : bounds[bounds.length - 1] - 1;
    }

    /** The last number up to which, from 1 on, every one is present; 0 if 1 is missing. */
    long contiguous() {
        return bounds.length > 0 && bounds[0] == 1 ? bounds[1] - 1 : 0;
    }

    @Override
    public String toString() {
        var text = new StringBuilder("{");
        for (var i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "[" : ",[")
                    .append(bounds[i])
                    .append(',')
                    .append(bounds[i + 1])
                    .append(')');
        }
        return text.append('}').toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceRanges(long[] theirs) && Arrays.equals(bounds, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
