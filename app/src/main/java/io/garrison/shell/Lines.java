package io.garrison.shell;

import io.garrison.reporting.TrafficStatistics.Chart;
import io.garrison.tenancy.ui.TimeChart.Line;
import io.garrison.tenancy.ui.TimeChart.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The total of a chart as one line, with its gaps. */
final class Lines {

    private Lines() {}

    static Line total(Chart chart, String name, String colour) {
        return total(chart, name, colour, 1);
    }

    /** Sums over a step as a rate. */
    static Line perSecond(Chart chart, String name, String colour) {
        return total(chart, name, colour, 1.0 / chart.step().toSeconds());
    }

    private static Line total(Chart chart, String name, String colour, double factor) {
        List<Point> points = new ArrayList<>();
        if (!chart.series().isEmpty() && !chart.series().getFirst().points().isEmpty()) {
            var measured = chart.series().getFirst().points();
            Map<Instant, Double> known = new HashMap<>();
            measured.forEach(point -> known.put(point.at(), point.value() * factor));
            var last = measured.getLast().at();
            for (var at = measured.getFirst().at(); !at.isAfter(last); at = at.plus(chart.step())) {
                points.add(new Point(at, known.get(at)));
            }
        }
        return new Line(name, colour, true, false, points);
    }
}
