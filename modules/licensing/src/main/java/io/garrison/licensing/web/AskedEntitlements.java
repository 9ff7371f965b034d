package io.garrison.licensing.web;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.MalformedAllocation;
import io.garrison.licensing.Metric;
import io.garrison.tenancy.Refusal.FieldError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes entitlements of the lines of a request, or says of every line what is wrong with it. */
final class AskedEntitlements {

    private static final int MAX_FEATURES = 64;

    private final List<FieldError> malformed = new ArrayList<>();
    private final List<FieldError> unsupported = new ArrayList<>();
    private final Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    private @Nullable Set<String> features;

    private AskedEntitlements() {}

    /**
     * One line as it was asked.
     *
     * @param limit a whole number; for {@code features} a list of names
     * @param overage what happens beyond the limit; {@code DENY} unless given
     */
    record Line(
            @Nullable String metric,
            @Nullable Object limit,
            @Nullable String overage) {}

    /**
     * @throws MalformedAllocation if a line cannot be understood
     * @throws AllocationRefused if it asks for something that is not sold
     */
    static Entitlements of(List<@Nullable Line> lines) {
        var asked = new AskedEntitlements();
        for (int i = 0; i < lines.size(); i++) {
            asked.take("entitlements/" + i, lines.get(i));
        }
        if (!asked.malformed.isEmpty()) {
            throw new MalformedAllocation(asked.malformed);
        }
        if (!asked.unsupported.isEmpty()) {
            throw new AllocationRefused(asked.unsupported);
        }
        return new Entitlements(
                asked.count(Metric.INSTANCES),
                asked.count(Metric.THROUGHPUT_BPS),
                asked.count(Metric.VIRTUAL_SERVICES),
                asked.features == null ? Set.of() : asked.features);
    }

    private long count(Metric metric) {
        return counts.getOrDefault(metric, 0L);
    }

    private void take(String field, @Nullable Line line) {
        var name = line == null ? null : line.metric();
        var metric = name == null ? null : Metric.of(name).orElse(null);
        if (line == null || metric == null) {
            malformed.add(new FieldError(
                    field + "/metric",
                    "unknown-metric",
                    "must be instances, throughputBps, virtualServices or features",
                    name));
            return;
        }
        if (line.overage() != null && !line.overage().equals(Entitlement.DENY)) {
            unsupported.add(new FieldError(
                    field + "/overage",
                    "license.overage-unsupported",
                    "only DENY is offered: what goes beyond the limit is refused",
                    line.overage()));
        }
        boolean first = switch (metric) {
            case INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES -> counts.put(metric, count(field, line.limit())) == null;
            case FEATURES -> {
                boolean unnamed = features == null;
                features = features(field, line.limit());
                yield unnamed;
            }
        };
        if (!first) {
            malformed.add(new FieldError(field + "/metric", "given-twice", "is given twice", metric.wireName()));
        }
    }

    private long count(String field, @Nullable Object limit) {
        if (limit instanceof Integer || limit instanceof Long) {
            long number = ((Number) limit).longValue();
            if (number > 0) {
                return number;
            }
        }
        var rejected = limit instanceof Number && !(limit instanceof BigInteger) ? limit : null;
        malformed.add(new FieldError(
                field + "/limit", "out-of-range", "must be a whole number from 1 to " + Long.MAX_VALUE, rejected));
        return 0;
    }

    private Set<String> features(String field, @Nullable Object limit) {
        var names = new HashSet<String>();
        if (limit instanceof List<?> list && list.size() <= MAX_FEATURES) {
            for (var entry : list) {
                if (entry instanceof String name && Entitlements.isFeatureName(name)) {
                    names.add(name);
                } else {
                    names.clear();
                    break;
                }
            }
            if (names.size() == list.size()) {
                return names;
            }
        }
        malformed.add(new FieldError(
                field + "/limit",
                "not-a-list-of-features",
                "must be a list of at most %d different features, each of a-z, 0-9, '.', '_', '-'"
                        .formatted(MAX_FEATURES)));
        return Set.of();
    }
}
