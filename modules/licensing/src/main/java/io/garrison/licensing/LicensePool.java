package io.garrison.licensing;

import java.util.List;
import java.util.Set;

/** What a licence or an allotment of it grants, what has been given away of it, and what is left. */
public record LicensePool(List<Line> lines) {

    /** One metric. */
    public sealed interface Line {
        Metric metric();
    }

    /**
     * A count.
     *
     * @param overcommit how many times over the limit may be given away
     * @param free what may still be given away: the limit times the factor, less what is allocated
     */
    public record Count(Metric metric, long limit, Factor overcommit, long allocated, long free) implements Line {

        /** One that is given away once. */
        public Count(Metric metric, long limit, long allocated, long free) {
            this(metric, limit, Factor.ONE, allocated, free);
        }

        /** All that may be given away. */
        public long capacity() {
            return overcommit.of(limit);
        }
    }

    /** Names. Any number of sub-licences may hold the same feature, so all of {@code limit} stays free. */
    public record Features(Set<String> limit, Set<String> allocated) implements Line {
        @Override
        public Metric metric() {
            return Metric.FEATURES;
        }
    }
}
