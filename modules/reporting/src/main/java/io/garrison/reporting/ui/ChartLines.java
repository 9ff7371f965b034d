package io.garrison.reporting.ui;

import io.garrison.reporting.TrafficStatistics.Chart;
import io.garrison.reporting.TrafficStatistics.Series;
import io.garrison.tenancy.ui.TimeChart.Line;
import io.garrison.tenancy.ui.TimeChart.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Statistics as lines of a chart. */
final class ChartLines {

    /** Points that a screen can tell apart. */
    private static final int POINTS = 240;

    private static final List<Duration> STEPS = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6));

    private static final Duration COARSE = Duration.ofMinutes(5);
    private static final Duration FINE_KEPT = Duration.ofHours(23);

    private ChartLines() {}

    /** The shortest step that does not make more points than a screen shows, and that is kept for the whole range. */
    static Duration step(Instant from, Instant to, Instant now) {
        var length = Duration.between(from, to);
        var shortest = from.isBefore(now.minus(FINE_KEPT)) ? COARSE : STEPS.getFirst();
        return STEPS.stream()
                .filter(step -> step.compareTo(shortest) >= 0 && length.dividedBy(step) <= POINTS)
                .findFirst()
                .orElse(STEPS.getLast());
    }

    /** One line per series, colours by position. */
    static List<Line> of(Chart chart, UnaryOperator<String> name, boolean area, boolean perSecond) {
        var seconds = (double) chart.step().toSeconds();
        List<Line> lines = new ArrayList<>();
        for (var series : chart.series()) {
            var colour = "--garrison-c" + (lines.size() % 6 + 1);
            lines.add(line(
                    chart,
                    series,
                    name.apply(series.key()),
                    colour,
                    area,
                    false,
                    value -> perSecond ? value / seconds : value));
        }
        return lines;
    }

    /** A line of its own name and colour from the only series of a chart. */
    static Line total(Chart chart, String name, String colour, boolean stacked, boolean perSecond) {
        var seconds = (double) chart.step().toSeconds();
        var series = chart.series().isEmpty()
                ? new Series("total", List.of())
                : chart.series().getFirst();
        return line(chart, series, name, colour, true, stacked, value -> perSecond ? value / seconds : value);
    }

    private static Line line(
            Chart chart,
            Series series,
            String name,
            String colour,
            boolean area,
            boolean stacked,
            DoubleUnaryOperator scale) {
        Map<Instant, Double> known = new HashMap<>();
        series.points().forEach(point -> known.put(point.at(), point.value()));
        List<Point> points = new ArrayList<>();
        if (!known.isEmpty()) {
            var last = series.points().getLast().at();
            for (var at = series.points().getFirst().at(); !at.isAfter(last); at = at.plus(chart.step())) {
                points.add(new Point(at, scaled(known.get(at), scale)));
            }
        }
        return new Line(name, colour, area, stacked, points);
    }

    /** A step without a sample is a gap, not a zero. */
    private static @Nullable Double scaled(@Nullable Double value, DoubleUnaryOperator scale) {
        return value == null ? null : scale.applyAsDouble(value);
    }
}
