package io.garrison.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistributionTests {

    @Test
    void takesPercentilesByTheNearestRank() {
        var twenty = Distribution.of(
                IntStream.rangeClosed(1, 20).mapToObj(i -> (double) (21 - i)).toList());
        assertThat(twenty.percentile(50)).isEqualTo(10);
        assertThat(twenty.percentile(95)).isEqualTo(19);
        assertThat(twenty.percentile(99)).isEqualTo(20);
        assertThat(twenty.max()).isEqualTo(20);
        assertThat(Distribution.of(List.of(7.0)).percentile(50)).isEqualTo(7);
    }

    @Test
    void saysNothingOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Distribution.of(List.of()));
    }
}
