package io.garrison.licensing.web;

import io.garrison.licensing.Factor;
import io.garrison.licensing.LicenseException.MalformedAllocation;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overcommit;
import io.garrison.tenancy.Refusal.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Factors of overcommitment as they are asked for and told: decimal numbers by metric. */
final class Factors {

    private Factors() {}

    /** @throws MalformedAllocation with every one that is none */
    static Overcommit read(Map<String, @Nullable BigDecimal> asked) {
        var errors = new ArrayList<FieldError>();
        var factors = new EnumMap<Metric, Factor>(Metric.class);
        asked.forEach((name, value) -> {
            var metric = Metric.of(name).filter(known -> known != Metric.FEATURES);
            if (metric.isEmpty()) {
                errors.add(new FieldError(
                        "overcommit", "unknown-metric", "has instances, throughputBps and virtualServices", name));
            } else if (value == null || !Factor.isOne(value)) {
                errors.add(new FieldError(
                        "overcommit/" + name, "out-of-range", "must be from 1.00 to 10.00, with two decimals at most"));
            } else {
                factors.put(metric.get(), new Factor(value));
            }
        });
        if (!errors.isEmpty()) {
            throw new MalformedAllocation(errors);
        }
        return new Overcommit(factors);
    }

    static Map<String, BigDecimal> tell(Overcommit overcommit) {
        var told = new LinkedHashMap<String, BigDecimal>();
        for (var metric : List.of(Metric.INSTANCES, Metric.THROUGHPUT_BPS, Metric.VIRTUAL_SERVICES)) {
            told.put(metric.wireName(), overcommit.of(metric).value());
        }
        return told;
    }
}
