package io.garrison.licensing.ui;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseState;
import io.garrison.tenancy.ui.Meter;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;

/** Licences in words. */
final class LicenseWords {

    private LicenseWords() {}

    static StateBadge badge(SubLicenseState state) {
        return new StateBadge(signal(state), StateBadge.words(state)).because(explain(state));
    }

    private static Signal signal(SubLicenseState state) {
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

    static String name(Metric metric) {
        return switch (metric) {
            case INSTANCES -> "Instances";
            case THROUGHPUT_BPS -> "Throughput";
            case VIRTUAL_SERVICES -> "Virtual services";
            case FEATURES -> "Features";
        };
    }

    static String quantity(Metric metric, long number) {
        return metric == Metric.THROUGHPUT_BPS ? Units.bitsPerSecond(number) : Units.count(number);
    }

    static Meter meter(LicensePool.Count count) {
        var share = count.limit() == 0 ? 0 : (double) count.allocated() / count.capacity();
        return new Meter(
                share,
                "%s of %s allocated"
                        .formatted(
                                quantity(count.metric(), count.allocated()),
                                quantity(count.metric(), count.capacity())));
    }

    /** {@code 3 instances, 1.00 Gbit/s, 10 virtual services}. */
    static String summary(Entitlements granted) {
        return "%s, %s, %s"
                .formatted(
                        Units.count(granted.instances(), "instance", "instances"),
                        Units.bitsPerSecond(granted.throughputBps()),
                        Units.count(granted.virtualServices(), "virtual service", "virtual services"));
    }
}
