package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.Overages;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The claim {@code overage}: {@code {"instances":{"policy":"CEILING","ceiling":25}}}. */
final class OverageClaims {

    private OverageClaims() {}

    static Map<String, Object> of(Overages overages) {
        var claims = new LinkedHashMap<String, Object>();
        overages.byMetric().forEach((metric, overage) -> {
            var line = new LinkedHashMap<String, Object>();
            line.put("policy", overage.policy().name());
            if (overage.ceiling() != null) {
                line.put("ceiling", overage.ceiling());
            }
            claims.put(metric.wireName(), line);
        });
        return claims;
    }

    static Overages read(ClaimReader lines, Entitlements limits) {
        var overages = new EnumMap<Metric, Overage>(Metric.class);
        for (var name : lines.claims().keySet()) {
            var metric = Metric.of(name)
                    .filter(known -> known != Metric.FEATURES)
                    .orElseThrow(() -> StrictJson.malformed("\"%s\" has no overage".formatted(name)));
            overages.put(metric, line(lines.object(name), limits.limit(metric)));
        }
        return new Overages(overages);
    }

    private static Overage line(ClaimReader line, long limit) {
        line.allow(Set.of("policy", "ceiling"));
        var policy = policy(line.text("policy", 16));
        if (policy != Policy.CEILING) {
            if (line.has("ceiling")) {
                throw StrictJson.malformed("\"ceiling\" belongs to CEILING, not to " + policy);
            }
            return new Overage(policy, null);
        }
        long ceiling = line.number("ceiling", 1, Long.MAX_VALUE);
        if (ceiling < limit) {
            throw StrictJson.malformed("\"ceiling\" must not be below the limit, which is " + limit);
        }
        return Overage.upTo(ceiling);
    }

    private static Policy policy(String name) {
        return Arrays.stream(Policy.values())
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> StrictJson.malformed("\"policy\" must be one of " + Arrays.toString(Policy.values())));
    }
}
