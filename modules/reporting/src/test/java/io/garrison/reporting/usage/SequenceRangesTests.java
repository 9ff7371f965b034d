package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterAck;
import io.garrison.protocol.MeterAck.Range;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An edge forgets what it is told to be present, so nothing may be told that is not. */
class SequenceRangesTests {

    @Test
    void tellsWhatIsPresentWithBothEnds() {
        var ranges = SequenceRanges.parse("{[1,4),[6,8),[9,10)}");

        assertThat(ranges.contiguous()).isEqualTo(3);
        assertThat(ranges.beyond(3)).containsExactly(new Range(6, 7), new Range(9, 9));
        assertThat(ranges.highest()).isEqualTo(9);
    }

    @Test
    void tellsOfAllBehindAGapAtTheBeginning() {
        var ranges = SequenceRanges.parse("{[2,4)}");

        assertThat(ranges.contiguous()).isZero();
        assertThat(ranges.beyond(0)).containsExactly(new Range(2, 3));
        assertThat(SequenceRanges.parse("{}").beyond(0)).isEmpty();
    }

    /** The newest: what came last is what an edge still has. */
    @Test
    void tellsOfTheLastOfManyInTheirOrder() {
        var many = SequenceRanges.parse(IntStream.rangeClosed(1, 70)
                .mapToObj(at -> "[%d,%d)".formatted(3 * at, 3 * at + 1))
                .collect(Collectors.joining(",", "{", "}")));

        var told = many.beyond(0);

        assertThat(told).hasSize(MeterAck.MAX_RANGES).endsWith(new Range(210, 210));
        assertThat(told).extracting(Range::first).isSorted().startsWith(21L);
    }
}
