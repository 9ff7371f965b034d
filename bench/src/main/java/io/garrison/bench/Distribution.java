package io.garrison.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured several times, in order of size; percentiles by the nearest rank. */
record Distribution(List<Double> sorted) {

    static Distribution of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        return new Distribution(values.stream().sorted().toList());
    }

    /** @param percent above 0, at most 100 */
    double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }

    double max() {
        return sorted.getLast();
    }

    /** @param unit that ends the names */
    Map<String, Object> told(String unit) {
        var told = new LinkedHashMap<String, Object>();
        told.put("count", sorted.size());
        told.put("p50" + unit, round(percentile(50)));
        told.put("p95" + unit, round(percentile(95)));
        told.put("p99" + unit, round(percentile(99)));
        told.put("max" + unit, round(max()));
        return told;
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
