package io.garrison.reporting.jasper;

import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** Adds hourly records up to the rows of the report: once by virtual service and instance, once by day. */
final class UsageTotals {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);

    private final ZoneId zone;
    private final Function<UUID, String> instanceNames;
    private final Map<Row, Map<Metric, BigDecimal>> services = new TreeMap<>();
    private final Map<Row, Map<Metric, BigDecimal>> days = new TreeMap<>();
    private boolean estimated;
    private boolean incomplete;
    private boolean silent;

    /** @param zone in which days are cut; its offsets are whole hours or a record counts for the day it begins in */
    UsageTotals(ZoneId zone, Function<UUID, String> instanceNames) {
        this.zone = zone;
        this.instanceNames = instanceNames;
    }

    void add(UsageRecord record) {
        add(services, new Row(record.virtualService(), instanceNames.apply(record.instanceId())), record);
        add(days, new Row(DAY.format(record.from().atZone(zone)), ""), record);
        if (record.isSilence()) {
            silent = true;
        } else {
            estimated |= record.quality() == Quality.ESTIMATED;
            incomplete |= record.completeness() < 1;
        }
    }

    private static void add(Map<Row, Map<Metric, BigDecimal>> rows, Row row, UsageRecord record) {
        rows.computeIfAbsent(row, key -> new EnumMap<>(Metric.class))
                .merge(
                        record.metric(),
                        record.quantity(),
                        record.metric() == Metric.PEAK_BPS ? BigDecimal::max : BigDecimal::add);
    }

    /** What a reader must know of the figures; empty if they are exact and complete. */
    String note() {
        var notes = new ArrayList<String>();
        if (estimated) {
            notes.add("Some hours are estimated: records are missing, and their usage was spread evenly.");
        }
        if (incomplete) {
            notes.add("Some hours are not complete yet.");
        }
        if (silent) {
            notes.add("Of some hours nothing is known, because an instance was silent.");
        }
        return String.join(" ", notes);
    }

    /** Rows for the template. */
    Collection<Map<String, ?>> rows() {
        var rows = new ArrayList<Map<String, ?>>();
        services.forEach((row, sums) -> rows.add(values("By virtual service", row, sums)));
        days.forEach((row, sums) -> rows.add(values("By day", row, sums)));
        return rows;
    }

    private static Map<String, Object> values(String section, Row row, Map<Metric, BigDecimal> sums) {
        var values = new HashMap<String, Object>();
        values.put("kind", "USAGE");
        values.put("section", section);
        values.put("label", row.label());
        values.put("detail", row.detail());
        for (var metric : Metric.values()) {
            values.put(metric.code(), sums.getOrDefault(metric, BigDecimal.ZERO));
        }
        return values;
    }

    List<String> days() {
        return days.keySet().stream().map(Row::label).toList();
    }

    private record Row(String label, String detail) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            var byLabel = label.compareTo(other.label);
            return byLabel != 0 ? byLabel : detail.compareTo(other.detail);
        }
    }
}
