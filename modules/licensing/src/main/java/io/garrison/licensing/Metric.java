package io.garrison.licensing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is licensed. All but {@link #FEATURES} are counts. */
public enum Metric {
    INSTANCES("instances", "instance"),
    THROUGHPUT_BPS("throughputBps", "bit/s"),
    VIRTUAL_SERVICES("virtualServices", "virtual service"),
    FEATURES("features", "feature");

    private final String wireName;
    private final String unit;

    Metric(String wireName, String unit) {
        this.wireName = wireName;
        this.unit = unit;
    }

    /** As it is called in requests, answers and licence files. */
    public String wireName() {
        return wireName;
    }

    public String unit() {
        return unit;
    }

    public static Optional<Metric> of(String wireName) {
        return Arrays.stream(values())
                .filter(metric -> metric.wireName.equals(wireName))
                .findFirst();
    }

    static List<Metric> counted() {
        return List.of(INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES);
    }
}
