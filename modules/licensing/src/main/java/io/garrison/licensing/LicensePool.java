package io.garrison.licensing;

import java.util.List;
import java.util.Set;

/** What a licence grants, what its sub-licences hold of it, and what is left. */
public record LicensePool(List<Line> lines) {

    /** One metric. */
    public sealed interface Line {
        Metric metric();
    }

    /** A count; {@code free} is {@code limit - allocated}. */
    public record Count(Metric metric, long limit, long allocated, long free) implements Line {}

    /** Names. Any number of sub-licences may hold the same feature, so all of {@code limit} stays free. */
    public record Features(Set<String> limit, Set<String> allocated) implements Line {
        @Override
        public Metric metric() {
            return Metric.FEATURES;
        }
    }
}
