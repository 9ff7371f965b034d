package io.garrison.reporting.ui;

import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Hourly usage records added up per something: quantities are summed, peaks are the highest hour. */
final class UsageTable {

    /** An interval's registers take seconds to arrive; within this time nobody need worry about an hour that ended. */
    private static final Duration DELIVERY = Duration.ofMinutes(2);

    private UsageTable() {}

    /**
     * What was used of one thing.
     *
     * @param completeness average over the records of hours that are over, 0–1; 1 if there is none
     * @param running whether an hour that is not over, or has only just ended, is in it
     */
    record Line(
            String key, Map<Metric, BigDecimal> quantities, boolean estimated, double completeness, boolean running) {

        BigDecimal get(Metric metric) {
            return quantities.getOrDefault(metric, BigDecimal.ZERO);
        }
    }

    static final class Totals {

        private final Function<UsageRecord, String> key;
        private final Map<String, Sum> sums = new LinkedHashMap<>();
        private final Instant settledAt;
        private final Sum all = new Sum("Total");

        /** @param key what has a line of its own */
        Totals(Function<UsageRecord, String> key, Instant now) {
            this.key = key;
            this.settledAt = now.minus(DELIVERY);
        }

        void add(UsageRecord record) {
            var running = record.to().isAfter(settledAt);
            sums.computeIfAbsent(key.apply(record), Sum::new).add(record, running);
            all.add(record, running);
        }

        /** The largest first. */
        List<Line> lines() {
            return sums.values().stream()
                    .map(Sum::line)
                    .sorted(Comparator.comparing((Line line) -> line.get(Metric.BYTES_OUT))
                            .reversed())
                    .toList();
        }

        Line total() {
            return all.line();
        }
    }

    private static final class Sum {
        private final String key;
        private final Map<Metric, BigDecimal> quantities = new EnumMap<>(Metric.class);
        private boolean estimated;
        private double completeness;
        private int records;
        private boolean running;

        Sum(String key) {
            this.key = key;
        }

        void add(UsageRecord record, boolean running) {
            quantities.merge(
                    record.metric(),
                    record.quantity(),
                    record.metric() == Metric.PEAK_BPS ? BigDecimal::max : BigDecimal::add);
            estimated |= record.quality() == Quality.ESTIMATED;
            if (running) {
                this.running = true;
            } else {
                completeness += record.completeness();
                records++;
            }
        }

        Line line() {
            return new Line(key, Map.copyOf(quantities), estimated, records == 0 ? 1 : completeness / records, running);
        }
    }
}
