package io.garrison.licensing.web;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entitlement as it is told. Counts are numbers, features are lists of names.
 *
 * @param ceiling the most that may be used, if the overage is CEILING
 */
record Entitlement(
        String metric,
        Object limit,
        String unit,
        String overage,
        @Nullable Long ceiling) {

    static List<Entitlement> all(Entitlements granted) {
        return all(granted, Overages.NONE);
    }

    static List<Entitlement> all(Entitlements granted, Overages overages) {
        var lines = new ArrayList<Entitlement>();
        for (var metric : Metric.values()) {
            Object limit = switch (metric) {
                case INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES -> granted.limit(metric);
                case FEATURES -> granted.features();
            };
            var overage = overages.of(metric);
            lines.add(new Entitlement(
                    metric.wireName(), limit, metric.unit(), overage.policy().name(), overage.ceiling()));
        }
        return lines;
    }
}
