package io.garrison.licensing;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a licence or a sub-licence grants. What is not named is not granted: 0, or no feature.
 *
 * @param instances instances that may run at the same time
 * @param throughputBps throughput of all instances together, bit/s
 * @param virtualServices enabled and disabled virtual services of all stacks together
 * @param features names of features, in alphabetical order
 */
public record Entitlements(long instances, long throughputBps, long virtualServices, Set<String> features) {

    static final int MAX_FEATURES = 64;

    public Entitlements {
        if (instances < 0 || throughputBps < 0 || virtualServices < 0) {
            throw new IllegalArgumentException("an entitlement is never negative");
        }
        if (features.size() > MAX_FEATURES) {
            throw new IllegalArgumentException("at most " + MAX_FEATURES + " features");
        }
        if (!features.stream().allMatch(Entitlements::isFeatureName)) {
            throw new IllegalArgumentException("a feature is named by 1 to 63 of a-z, 0-9, '.', '_', '-'");
        }
        features = Collections.unmodifiableSortedSet(new TreeSet<>(features));
    }

    /** 1 to 63 of a-z, 0-9, '.', '_', '-', the first a letter or a digit. */
    public static boolean isFeatureName(String name) {
        return name.length() <= 63 && name.matches("[a-z0-9][a-z0-9._-]*");
    }

    /** The limit of a metric that is counted. */
    public long limit(Metric metric) {
        return switch (metric) {
            case INSTANCES -> instances;
            case THROUGHPUT_BPS -> throughputBps;
            case VIRTUAL_SERVICES -> virtualServices;
            case FEATURES -> throw new IllegalArgumentException("features are a set, not a count");
        };
    }
}
