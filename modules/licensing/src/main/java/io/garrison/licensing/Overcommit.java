package io.garrison.licensing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** By metric, how many times over it is given away. What is not named is given away once. */
public record Overcommit(Map<Metric, Factor> byMetric) {

    public static final Overcommit NONE = new Overcommit(Map.of());

    public Overcommit {
        if (byMetric.containsKey(Metric.FEATURES)) {
            throw new IllegalArgumentException("features are given away any number of times");
        }
        var all = new EnumMap<Metric, Factor>(Metric.class);
        for (var metric : Metric.counted()) {
            all.put(metric, byMetric.getOrDefault(metric, Factor.ONE));
        }
        byMetric = Collections.unmodifiableMap(all);
    }

    public Factor of(Metric metric) {
        return byMetric.getOrDefault(metric, Factor.ONE);
    }

    /** What may be given away of a limit. */
    long capacity(Metric metric, Entitlements limits) {
        return of(metric).of(limits.limit(metric));
    }
}
