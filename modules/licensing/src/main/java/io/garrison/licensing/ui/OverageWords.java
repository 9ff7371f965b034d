package io.garrison.licensing.ui;

import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;

/** What happens beyond a limit, in words. */
final class OverageWords {

    private OverageWords() {}

    static String name(Policy policy) {
        return switch (policy) {
            case DENY -> "Refuse what goes beyond";
            case CEILING -> "Allow up to a ceiling";
            case ALARM -> "Allow and raise an alarm";
            case BILL -> "Allow and record for billing";
        };
    }

    /** {@code Allow up to 9 instances}. */
    static String name(Metric metric, Overage rule) {
        return rule.ceiling() == null
                ? name(rule.policy())
                : "Allow up to " + LicenseWords.quantity(metric, rule.ceiling());
    }

    /** What that comes to with this limit. */
    static String explain(Metric metric, long limit, Overage rule) {
        if (metric == Metric.THROUGHPUT_BPS) {
            return throughput(limit, rule);
        }
        var most = LicenseWords.quantity(metric, limit);
        return switch (rule.policy()) {
            case DENY -> "Beyond %s one more is refused.".formatted(most);
            case CEILING ->
                "Beyond %s more are allowed up to %s, as far as the licence pool has them; then one more is refused."
                        .formatted(most, LicenseWords.quantity(metric, rule.most(limit)));
            case ALARM ->
                "Beyond %s more are allowed as far as the licence pool has them, and an alarm is raised."
                        .formatted(most);
            case BILL ->
                "Beyond %s more are allowed as far as the licence pool has them, and recorded so that they can be billed."
                        .formatted(most);
        };
    }

    private static String throughput(long limit, Overage rule) {
        var most = LicenseWords.quantity(Metric.THROUGHPUT_BPS, limit);
        return switch (rule.policy()) {
            case DENY -> "%s is all that may be used.".formatted(most);
            case CEILING ->
                "Beyond %s what is used is recorded, up to %s."
                        .formatted(most, LicenseWords.quantity(Metric.THROUGHPUT_BPS, rule.most(limit)));
            case ALARM -> "Beyond %s an alarm is raised.".formatted(most);
            case BILL -> "What is used beyond %s is recorded so that it can be billed.".formatted(most);
        };
    }
}
