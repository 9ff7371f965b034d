package io.garrison.licensing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactorTests {

    @ParameterizedTest
    @CsvSource({
        "3,1.33,3",
        "3,1.34,4",
        "100,1.15,115", // 100 * 1.15 is 114.99… in binary
        "10,1,10",
        "10,10.00,100",
        "0,10,0",
        "1,1.99,1",
        "9223372036854775807,1,9223372036854775807",
        "4611686018427387904,1.5,6917529027641081856",
        "9223372036854775807,1.01,9223372036854775807",
        "9223372036854775807,10,9223372036854775807",
    })
    void multipliesExactlyAndRoundsDown(long limit, BigDecimal factor, long most) {
        assertThat(new Factor(factor).of(limit)).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.99", "-1", "10.01", "1.001", "1e400", "1e-400", "99999999999999999999"})
    void isFromOneToTenInHundredths(BigDecimal value) {
        assertThat(Factor.isOne(value)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new Factor(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "1.000", "1e0"})
    void isTheSameHoweverItIsWritten(BigDecimal value) {
        assertThat(new Factor(value)).isEqualTo(Factor.ONE).hasToString("1.00");
    }

    @Test
    void isOneForWhatIsNotNamed() {
        var overcommit = new Overcommit(Map.of(Metric.INSTANCES, new Factor(new BigDecimal("1.5"))));

        assertThat(overcommit.of(Metric.INSTANCES)).hasToString("1.50");
        assertThat(overcommit.of(Metric.THROUGHPUT_BPS)).isEqualTo(Factor.ONE);
        assertThat(new Overcommit(Map.of())).isEqualTo(Overcommit.NONE);
        assertThatIllegalArgumentException().isThrownBy(() -> new Overcommit(Map.of(Metric.FEATURES, Factor.ONE)));
    }
}
