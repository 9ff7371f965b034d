package io.garrison.reporting.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.reporting.TrafficStatistics.Chart;
import io.garrison.reporting.TrafficStatistics.Metric;
import io.garrison.reporting.TrafficStatistics.Point;
import io.garrison.reporting.TrafficStatistics.Series;
import io.garrison.tenancy.ui.TimeChart;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartLinesTests {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration STEP = Duration.ofSeconds(10);

    @Test
    void leavesAGapWhereNothingWasMeasured() {
        var line = ChartLines.total(chart(at(0, 20), at(2, 40)), "Requests", "--c", false, true);

        assertThat(line.points()).extracting(TimeChart.Point::value).containsExactly(2.0, null, 4.0);
    }

    @Test
    void drawsNothingWhereThereIsNoSeries() {
        var empty = new Chart(START, START.plusSeconds(60), STEP, Metric.REQUESTS, 1, List.of());

        assertThat(ChartLines.total(empty, "Requests", "--c", false, false).points())
                .isEmpty();
    }

    @Test
    void asksForNoMorePointsThanAScreenShows() {
        for (var hours : List.of(1, 6, 24, 24 * 7, 24 * 30)) {
            var from = START.minus(Duration.ofHours(hours));
            var step = ChartLines.step(from, START, START);
            assertThat(Duration.ofHours(hours).dividedBy(step)).isLessThanOrEqualTo(240);
        }
    }

    @Test
    void asksForFiveMinutesWhereNothingFinerIsKept() {
        var from = START.minus(Duration.ofDays(3));

        assertThat(ChartLines.step(from, from.plusSeconds(900), START)).isEqualTo(Duration.ofMinutes(5));
    }

    private static Point at(int step, double value) {
        return new Point(START.plus(STEP.multipliedBy(step)), value);
    }

    private static Chart chart(Point... points) {
        return new Chart(
                START, START.plusSeconds(60), STEP, Metric.REQUESTS, 1, List.of(new Series("total", List.of(points))));
    }
}
