package io.garrison.tenancy.ui;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** How quantities are written in the console: decimal units, thin separators, a space before the unit. */
public final class Units {

    /** Narrow no-break space between groups of digits. */
    private static final char THIN = '\u202f';

    /** No-break space between number and unit. */
    private static final char SPACE = '\u00a0';

    private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};

    /** Megabits below this are told in full. */
    private static final BigDecimal SMALL = new BigDecimal("0.01");

    private Units() {}

    /** Bytes in decimal units: {@code 1.50 GB}. */
    public static String bytes(double bytes) {
        return scaled(bytes, "B");
    }

    /** Bit rates: {@code 12.4 Mbit/s}. */
    public static String bitsPerSecond(double bits) {
        return scaled(bits, "bit/s");
    }

    /** Bit rates as they are sold, all in one unit so that they compare: {@code 1 500 Mbit/s}, {@code 0.25 Mbit/s}. */
    public static String megabitsPerSecond(long bits) {
        var megabits = BigDecimal.valueOf(bits, 6);
        if (megabits.abs().compareTo(SMALL) >= 0) {
            megabits = megabits.setScale(2, RoundingMode.HALF_EVEN);
        }
        var digits = megabits.stripTrailingZeros().toPlainString();
        var dot = digits.indexOf('.');
        var fraction = dot < 0 ? "" : digits.substring(dot);
        var whole = count(megabits.longValue());
        var sign = bits < 0 && !whole.startsWith("-") ? "-" : "";
        return sign + whole + fraction + SPACE + "Mbit/s";
    }

    /** Whole numbers with thin separators: {@code 1 234 567}. */
    public static String count(long number) {
        var digits = Long.toString(number);
        var first = digits.startsWith("-") ? 1 : 0;
        var text = new StringBuilder(digits);
        for (var at = digits.length() - 3; at > first; at -= 3) {
            text.insert(at, THIN);
        }
        return text.toString();
    }

    /** A count with its noun: {@code 1 instance}, {@code 2 instances}. */
    public static String count(long number, String one, String many) {
        return count(number) + SPACE + (number == 1 ? one : many);
    }

    /** @param share 0–1; shown as {@code 99.9 %}. Never rounded up to a full hundred */
    public static String percent(double share) {
        var percent = share * 100;
        if (percent > 99.9 && percent < 100) {
            percent = 99.9;
        }
        var text = String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f" : "%.1f", percent);
        return text + SPACE + "%";
    }

    /** The two largest units: {@code 2 d 4 h}, {@code 3 min 20 s}, {@code 0.4 s}. */
    public static String duration(Duration duration) {
        var seconds = duration.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1_000.0) + SPACE + "s";
        }
        if (seconds < 60) {
            return seconds + "" + SPACE + "s";
        }
        if (seconds < 3_600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3_600, "h", seconds % 3_600 / 60, "min");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        var text = large + "" + SPACE + largeUnit;
        return small == 0 ? text : text + " " + small + SPACE + smallUnit;
    }

    private static String scaled(double value, String unit) {
        var size = Math.abs(value);
        var step = 0;
        // 999.5 and above would round to a four-digit number
        while (size >= 999.5 && step < DECIMAL.length - 1) {
            size /= 1_000;
            step++;
        }
        var decimals = step == 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
        var number = String.format(Locale.ROOT, "%." + decimals + "f", Math.copySign(size, value));
        return number + SPACE + DECIMAL[step] + unit;
    }
}
