package io.garrison.licensing;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How many times over something is given away: 1.00 to 10.00, in hundredths, and reckoned exactly.
 *
 * @param value two decimals
 */
public record Factor(BigDecimal value) {

    public static final BigDecimal LEAST = BigDecimal.ONE;
    public static final BigDecimal MOST = BigDecimal.TEN;

    /** No more than there is. */
    public static final Factor ONE = new Factor(BigDecimal.ONE);

    private static final int DECIMALS = 2;
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    public Factor {
        if (!isOne(value)) {
            throw new IllegalArgumentException("a factor is from 1.00 to 10.00, with two decimals at most");
        }
        value = value.setScale(DECIMALS);
    }

    /** Whether it is a factor. */
    public static boolean isOne(BigDecimal value) {
        return value.compareTo(LEAST) >= 0
                && value.compareTo(MOST) <= 0
                && value.stripTrailingZeros().scale() <= DECIMALS;
    }

    /** That many times the limit, rounded down, and no more than a limit can be. */
    public long of(long limit) {
        return BigDecimal.valueOf(limit)
                .multiply(value)
                .setScale(0, RoundingMode.FLOOR)
                .min(LARGEST)
                .longValueExact();
    }

    @Override
    public String toString() {
        return value.toPlainString();
    }
}
