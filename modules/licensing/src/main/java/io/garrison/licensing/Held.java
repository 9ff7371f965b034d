package io.garrison.licensing;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A sum of shares. */
record Held(Map<Metric, BigDecimal> counts, Set<String> features) {

    static final Held NOTHING = new Held(Map.of(), Set.of());

    BigDecimal of(Metric metric) {
        return counts.getOrDefault(metric, BigDecimal.ZERO);
    }

    Held plus(Held other) {
        var sum = new EnumMap<Metric, BigDecimal>(Metric.class);
        Metric.counted().forEach(metric -> sum.put(metric, of(metric).add(other.of(metric))));
        var names = new TreeSet<>(features);
        names.addAll(other.features);
        return new Held(sum, names);
    }

    /** Features stay: others may hold them too. */
    Held less(Held other) {
        var rest = new EnumMap<Metric, BigDecimal>(Metric.class);
        Metric.counted().forEach(metric -> rest.put(metric, of(metric).subtract(other.of(metric))));
        return new Held(rest, features);
    }

    boolean isMoreThan(Held other) {
        return Metric.counted().stream().anyMatch(metric -> of(metric).compareTo(other.of(metric)) > 0);
    }
}
