package io.garrison.licensing.ui;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseState;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Licences in words. */
final class LicenseWords {

    /** What is counted, in the order in which it is shown. */
    static final List<Metric> COUNTED = List.of(Metric.INSTANCES, Metric.THROUGHPUT_BPS, Metric.VIRTUAL_SERVICES);

    static final double BITS_PER_MEGABIT = 1_000_000;

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final int SHORT_ID = 8;

    private LicenseWords() {}

    static StateBadge badge(SubLicenseState state) {
        return new StateBadge(signal(state), StateBadge.words(state)).because(explain(state));
    }

    static Signal signal(SubLicenseState state) {
        return switch (state) {
            case ACTIVE -> Signal.GOOD;
            case EXPIRING, GRACE, SUSPENDED -> Signal.WARNING;
            case RESTRICTED, FROZEN, REVOKED -> Signal.BAD;
            case SCHEDULED -> Signal.UNKNOWN;
        };
    }

    static String explain(SubLicenseState state) {
        return switch (state) {
            case SCHEDULED -> "Its validity has not begun.";
            case ACTIVE -> "In force.";
            case EXPIRING -> "In force, with 30 days or less to go.";
            case GRACE -> "Over, within its days of grace: instances keep their seats, nothing new is made.";
            case RESTRICTED -> "Over: seats are not renewed; policies may still change. Traffic flows.";
            case FROZEN -> "Over: nothing is made, changed or renewed. Traffic flows.";
            case SUSPENDED ->
                "Suspended by the provider: nothing is made or changed until it is resumed. Traffic flows.";
            case REVOKED -> "Taken back by the provider. Traffic flows.";
        };
    }

    static StateBadge badge(LicenseSummary one, Instant now) {
        if (one.demo()) {
            return new StateBadge(Signal.SPECIAL, "Demonstration");
        } else if (!now.isBefore(one.validUntil())) {
            return new StateBadge(Signal.BAD, "Expired");
        } else if (now.isBefore(one.validFrom())) {
            return new StateBadge(Signal.UNKNOWN, "Not yet valid");
        }
        return now.plus(Duration.ofDays(30)).isAfter(one.validUntil())
                ? new StateBadge(Signal.WARNING, "Expires soon")
                : new StateBadge(Signal.GOOD, "In force");
    }

    static String name(Metric metric) {
        return switch (metric) {
            case INSTANCES -> "Instances";
            case THROUGHPUT_BPS -> "Throughput";
            case VIRTUAL_SERVICES -> "Virtual services";
            case FEATURES -> "Features";
        };
    }

    /** Label of the field in which it is typed. */
    static String field(Metric metric) {
        return metric == Metric.THROUGHPUT_BPS ? "Throughput (Mbit/s)" : name(metric);
    }

    /** With its unit. */
    static String quantity(Metric metric, long number) {
        return switch (metric) {
            case INSTANCES -> Units.count(number, "instance", "instances");
            case THROUGHPUT_BPS -> Units.megabitsPerSecond(number);
            case VIRTUAL_SERVICES -> Units.count(number, "virtual service", "virtual services");
            case FEATURES -> Units.count(number, "feature", "features");
        };
    }

    /** {@code 3 of 10 instances}, {@code 200 of 1 000 Mbit/s}. */
    static String of(Metric metric, long part, long whole) {
        var first = quantity(metric, part);
        var number = first.substring(0, first.indexOf('\u00a0'));
        return number + " of " + quantity(metric, whole);
    }

    /** {@code 3 instances, 1 000 Mbit/s, 10 virtual services}. */
    static String summary(Entitlements granted) {
        return "%s, %s, %s"
                .formatted(
                        quantity(Metric.INSTANCES, granted.instances()),
                        quantity(Metric.THROUGHPUT_BPS, granted.throughputBps()),
                        quantity(Metric.VIRTUAL_SERVICES, granted.virtualServices()));
    }

    /** {@code PRIVATE_CLOUD} reads as {@code Private cloud}. */
    static String mode(String constant) {
        var words = constant.toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    static String features(Entitlements granted) {
        return granted.features().isEmpty() ? "none" : String.join(", ", granted.features());
    }

    static String days(long days) {
        return Units.count(days, "day", "days");
    }

    static String hours(long hours) {
        return Units.count(hours, "hour", "hours");
    }

    /** {@code 12 days left}, {@code over for 3 days}. */
    static String left(Instant end, Instant now) {
        var days = Duration.between(now, end).toDays();
        if (now.isBefore(end)) {
            return days == 0 ? "ends within a day" : days(days) + " left";
        }
        return days == 0 ? "over since today" : "over for " + days(-days);
    }

    static String moment(Instant at) {
        return MOMENT.format(at);
    }

    static String day(Instant at) {
        return DAY.format(at);
    }

    /** Tells licences of one provider apart. */
    static String label(LicenseSummary one) {
        return one.mssp() + ", until " + day(one.validUntil());
    }

    static String name(SubLicenseId id) {
        return "Sub-licence " + shortId(id.toString());
    }

    static String shortId(String id) {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }
}
