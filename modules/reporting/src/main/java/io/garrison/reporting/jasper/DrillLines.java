package io.garrison.reporting.jasper;

import io.garrison.instances.DrillHistory;
import io.garrison.instances.Drills.DrillSummary;
import io.garrison.protocol.Availability.DrillResult;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rehearsed failovers as rows of the report, each with its date and what was measured. */
final class DrillLines {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final ZoneId zone;
    private final List<DrillHistory.Entry> entries;

    /** @param zone in which times are told */
    DrillLines(ZoneId zone, List<DrillHistory.Entry> entries) {
        this.zone = zone;
        this.entries = entries;
    }

    /** That there was none is told, too: whoever has to rehearse looks for it. */
    String note() {
        return entries.isEmpty() ? "No failover was rehearsed in this period." : "";
    }

    /** Rows for the template. */
    Collection<Map<String, ?>> rows() {
        return entries.stream().<Map<String, ?>>map(this::values).toList();
    }

    private Map<String, Object> values(DrillHistory.Entry entry) {
        var drill = entry.drill();
        var values = new HashMap<String, Object>();
        values.put("kind", "DRILL");
        values.put("section", "Failover rehearsals");
        values.put("began", MOMENT.format(drill.startsAt().atZone(zone)));
        values.put("router", entry.stack() + ", " + drill.router());
        values.put("how", "%s, %d s".formatted(words(drill.kind()), drill.holdSeconds()));
        values.put("outcome", words(drill.state()));
        put(
                values,
                "takeoverMs",
                drill.yielded() == null ? null : drill.yielded().takeoverMs());
        put(values, "gapMs", drill.probed() == null ? null : drill.probed().longestGapMs());
        values.put("said", said(drill));
        return values;
    }

    private static void put(Map<String, Object> values, String name, @Nullable Long number) {
        if (number != null) {
            values.put(name, BigDecimal.valueOf(number));
        }
    }

    private static String said(DrillSummary drill) {
        var words = new ArrayList<String>();
        words.add(drill.reason());
        var probed = drill.probed();
        if (probed != null && probed.probes() != null && probed.failedProbes() != null) {
            words.add("%d of %d probes failed".formatted(probed.failedProbes(), probed.probes()));
        }
        var total = drill.yielded() == null ? null : drill.yielded().sessionsTotal();
        if (probed != null && probed.sessionsKept() != null && total != null && total > 0) {
            words.add("%d of %d sessions kept".formatted(probed.sessionsKept(), total));
        }
        Stream.of(drill.problem(), problem(drill.yielded()), problem(probed))
                .filter(Objects::nonNull)
                .forEach(words::add);
        return String.join("; ", words);
    }

    private static @Nullable String problem(@Nullable DrillResult told) {
        return told == null ? null : told.problem();
    }

    private static String words(Enum<?> constant) {
        return constant.name().charAt(0) + constant.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
