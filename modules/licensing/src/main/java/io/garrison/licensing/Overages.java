package io.garrison.licensing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What happens beyond each limit of a sub-licence.
 *
 * @param byMetric counted metrics only; what is not named is {@link Overage#DENY}, and that is never named
 */
public record Overages(Map<Metric, Overage> byMetric) {

    public static final Overages NONE = new Overages(Map.of());

    public Overages {
        var named = new EnumMap<Metric, Overage>(Metric.class);
        byMetric.forEach((metric, overage) -> {
            if (!Metric.counted().contains(metric)) {
                throw new IllegalArgumentException(metric.wireName() + " are no count, so nothing goes beyond them");
            }
            if (!overage.equals(Overage.DENY)) {
                named.put(metric, overage);
            }
        });
        byMetric = Collections.unmodifiableMap(named);
    }

    public Overage of(Metric metric) {
        return byMetric.getOrDefault(metric, Overage.DENY);
    }
}
