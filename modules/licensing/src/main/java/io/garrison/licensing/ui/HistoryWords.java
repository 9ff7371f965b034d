package io.garrison.licensing.ui;

import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseChange;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Entries in the history of a sub-licence, in words and units. */
final class HistoryWords {

    private static final String OVERAGE = "Overage";
    private static final String CEILING = "CEILING ";

    private static final List<String> ORDER = List.of(
            "instances",
            "instancesOverage",
            "throughputBps",
            "throughputBpsOverage",
            "virtualServices",
            "virtualServicesOverage",
            "features",
            "validUntil",
            "graceDays");

    private HistoryWords() {}

    /** {@code transferred-out} reads as {@code Transferred out}. */
    static String action(SubLicenseChange change) {
        var words = change.action().replace('-', ' ');
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** One line for each term that changed: what it was, and what it became. */
    static List<String> lines(SubLicenseChange change) {
        var names =
                new TreeSet<>(Comparator.comparingInt(HistoryWords::place).thenComparing(Comparator.naturalOrder()));
        names.addAll(change.to().keySet());
        names.addAll(change.from().keySet());
        var first = change.from().isEmpty() && change.action().equals("allocated");
        var lines = new ArrayList<String>();
        for (var name : names) {
            var became = value(name, change.to());
            if (!first) {
                lines.add("%s: %s → %s".formatted(term(name), value(name, change.from()), became));
            } else if (!Boolean.FALSE.equals(change.to().get(name))) {
                lines.add("%s: %s".formatted(term(name), became));
            }
        }
        return lines;
    }

    /** What is bought first, then for how long, then the rest. */
    private static int place(String name) {
        var known = ORDER.indexOf(name);
        return known < 0 ? ORDER.size() : known;
    }

    private static String term(String name) {
        return switch (name) {
            case "validUntil" -> "End";
            case "graceDays" -> "Grace";
            case "suspended" -> "Suspended";
            case "revoked" -> "Revoked";
            default ->
                Metric.of(name)
                        .map(LicenseWords::name)
                        .or(() -> Metric.of(withoutOverage(name))
                                .map(metric -> LicenseWords.name(metric) + ", beyond it"))
                        .orElse(name);
        };
    }

    private static String withoutOverage(String name) {
        return name.endsWith(OVERAGE) ? name.substring(0, name.length() - OVERAGE.length()) : name;
    }

    private static String value(String name, Map<String, Object> terms) {
        var value = terms.get(name);
        if (name.endsWith(OVERAGE)) {
            return Metric.of(withoutOverage(name))
                    .map(metric -> overage(metric, value))
                    .orElse(String.valueOf(value));
        }
        return switch (value) {
            case null -> "none";
            case Number number when name.equals("graceDays") -> LicenseWords.days(number.longValue());
            case Number number ->
                Metric.of(name)
                        .map(metric -> LicenseWords.quantity(metric, number.longValue()))
                        .orElse(number.toString());
            case Boolean yes -> yes ? "yes" : "no";
            case Collection<?> all ->
                all.isEmpty() ? "none" : all.stream().map(String::valueOf).collect(Collectors.joining(", "));
            case String text -> name.equals("validUntil") ? moment(text) : text;
            default -> value.toString();
        };
    }

    /** What is not named is refused. */
    private static String overage(Metric metric, @Nullable Object value) {
        var text = value == null ? Policy.DENY.name() : value.toString();
        if (text.startsWith(CEILING)) {
            return "Allow up to " + LicenseWords.quantity(metric, Long.parseLong(text.substring(CEILING.length())));
        }
        for (var policy : Policy.values()) {
            if (policy.name().equals(text)) {
                return OverageWords.name(policy);
            }
        }
        return text;
    }

    private static String moment(String text) {
        try {
            return LicenseWords.moment(Instant.parse(text));
        } catch (DateTimeException e) {
            return text; // written by a later version
        }
    }
}
