package io.garrison.licensing;

import org.jspecify.annotations.Nullable;

/**
 * What happens when a sub-licence's limit of one metric is reached.
 *
 * @param ceiling the most that may be used, at least 1; given with {@link
 *     Policy#CEILING} and with nothing else
 */
public record Overage(Policy policy, @Nullable Long ceiling) {

    public static final Overage DENY = new Overage(Policy.DENY, null);

    /** In the order of how much they allow. */
    public enum Policy {
        /** What goes beyond the limit is refused. */
        DENY,
        /** It is allowed up to the ceiling and refused beyond. */
        CEILING,
        /** It is allowed, and an alarm is raised. */
        ALARM,
        /** It is allowed, and recorded so that it can be billed. */
        BILL
    }

    public Overage {
        if ((policy == Policy.CEILING) != (ceiling != null)) {
            throw new IllegalArgumentException("a ceiling belongs to CEILING and to nothing else");
        }
        if (ceiling != null && ceiling < 1) {
            throw new IllegalArgumentException("a ceiling is at least 1");
        }
    }

    public static Overage upTo(long ceiling) {
        return new Overage(Policy.CEILING, ceiling);
    }

    /** The most that may be used with this limit. */
    public long most(long limit) {
        return switch (policy) {
            case DENY -> limit;
            case CEILING -> Math.max(limit, ceiling == null ? limit : ceiling);
            case ALARM, BILL -> Long.MAX_VALUE;
        };
    }
}
