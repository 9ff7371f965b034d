package io.garrison.licensing.web;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Metric;
import java.util.ArrayList;
import java.util.List;

/** One entitlement as it is told. Counts are numbers, features are lists of names. */
record Entitlement(String metric, Object limit, String unit, String overage) {

    static final String DENY = "DENY";

    static List<Entitlement> all(Entitlements granted) {
        var lines = new ArrayList<Entitlement>();
        for (var metric : Metric.values()) {
            Object limit = switch (metric) {
                case INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES -> granted.limit(metric);
                case FEATURES -> granted.features();
            };
            lines.add(new Entitlement(metric.wireName(), limit, metric.unit(), DENY));
        }
        return lines;
    }
}
