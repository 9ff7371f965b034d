package io.garrison.edge.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceSetTests {

    @Test
    void isTheSetOfItsNumbers() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var set = new SequenceSet();
            var model = new BitSet();
            for (int step = 0; step < 30; step++) {
                int first = 1 + random.nextInt(60);
                int last = first - 1 + random.nextInt(8);
                set.add(first, last);
                if (first <= last) {
                    model.set(first, last + 1);
                }
                int from = random.nextInt(70);
                int to = from + random.nextInt(20);
                assertThat(set.count(from, to))
                        .as("seed %d", seed)
                        .isEqualTo(model.get(from, to + 1).cardinality());
                assertThat(set.holds(from)).isEqualTo(model.get(from));
                assertThat(set.highestAbsent(to)).isEqualTo(model.previousClearBit(to));
            }
        }
    }
}
