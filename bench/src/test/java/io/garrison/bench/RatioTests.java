package io.garrison.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTests {

    @Test
    void pairsTheRoundsOfTwoArms() {
        assertThat(Ratio.of(List.of(1.0, 2.0, 3.0), List.of(2.0, 4.0, 6.0))).isEqualTo(new Ratio(0.5, 0.5, 0.5));
    }

    @Test
    void saysHowSureItIs() {
        var ratio = Ratio.of(List.of(1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 9.0));

        assertThat(ratio.median()).isEqualTo(1.3);
        assertThat(ratio.low()).isBetween(1.0, 1.3);
        assertThat(ratio.high()).isBetween(1.3, 9.0);
    }
}
