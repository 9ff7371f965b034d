package io.garrison.licensing.web;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.MalformedAllocation;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.tenancy.Refusal.FieldError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final Map<Metric, Overage> overages = new EnumMap<>(Metric.class);
    private @Nullable Set<String> features;

    private AskedEntitlements() {}

    /**
     * One line as it was asked.
     *
     * @param limit a whole number; for {@code features} a list of names
     * @param overage what happens beyond the limit, by the name of its policy
     * @param ceiling the most that may be used; with {@code CEILING} and nothing else
     */
    record Line(
            @Nullable String metric,
            @Nullable Object limit,
            @Nullable String overage,
            @Nullable Object ceiling) {}

    /**
     * @throws MalformedAllocation if a line cannot be understood
     * @throws AllocationRefused if it asks for something that is not sold
     */
    static Terms of(List<@Nullable Line> lines) {
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
        return new Terms(
                new Entitlements(
                        asked.count(Metric.INSTANCES),
                        asked.count(Metric.THROUGHPUT_BPS),
                        asked.count(Metric.VIRTUAL_SERVICES),
                        asked.features == null ? Set.of() : asked.features),
                asked.overages);
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
        overage(field, metric, line);
        boolean first = switch (metric) {
            case INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES ->
                counts.put(metric, count(field + "/limit", line.limit())) == null;
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

    private void overage(String field, Metric metric, Line line) {
        var policy = policy(line.overage());
        if (line.overage() != null && (policy == null || metric == Metric.FEATURES && policy != Policy.DENY)) {
            unsupported.add(new FieldError(
                    field + "/overage",
                    "license.overage-unsupported",
                    "must be DENY, CEILING, ALARM or BILL, and for features DENY",
                    line.overage()));
            return;
        }
        if (policy == Policy.CEILING) {
            long ceiling = count(field + "/ceiling", line.ceiling());
            if (ceiling > 0) {
                overages.put(metric, Overage.upTo(ceiling));
            }
        } else if (line.ceiling() != null) {
            malformed.add(new FieldError(
                    field + "/ceiling", "ceiling-without-policy", "belongs to the overage CEILING", line.ceiling()));
        } else if (policy != null && metric != Metric.FEATURES) {
            overages.put(metric, new Overage(policy, null));
        }
    }

    private static @Nullable Policy policy(@Nullable String name) {
        return Arrays.stream(Policy.values())
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private long count(String field, @Nullable Object limit) {
        if (limit instanceof Integer || limit instanceof Long) {
            long number = ((Number) limit).longValue();
            if (number > 0) {
                return number;
            }
        }
        var rejected = limit instanceof Number && !(limit instanceof BigInteger) ? limit : null;
        malformed.add(
                new FieldError(field, "out-of-range", "must be a whole number from 1 to " + Long.MAX_VALUE, rejected));
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
