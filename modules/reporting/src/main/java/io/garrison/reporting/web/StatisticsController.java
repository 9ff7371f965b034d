package io.garrison.reporting.web;

import io.garrison.reporting.ReportingException.UnknownChoice;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.reporting.TrafficStatistics.ChartQuery;
import io.garrison.reporting.TrafficStatistics.GroupBy;
import io.garrison.reporting.TrafficStatistics.Metric;
import io.garrison.reporting.TrafficStatistics.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatisticsController {

    private final TrafficStatistics statistics;

    StatisticsController(TrafficStatistics statistics) {
        this.statistics = statistics;
    }

    /** @param step in seconds, a multiple of 10; longer ones are used where finer data are gone */
    @GetMapping("/api/v1/tenants/{t}/stats")
    ChartAnswer chart(
            @RequestParam Instant from,
            @RequestParam Instant to,
            @RequestParam(defaultValue = "300") long step,
            @RequestParam(defaultValue = "requests") String metric,
            @RequestParam(defaultValue = "total") String groupBy) {
        var query = new ChartQuery(from, to, Duration.ofSeconds(step), metric(metric), groupBy(groupBy));
        var chart = statistics.chart(query);
        return new ChartAnswer(
                chart.from(),
                chart.to(),
                chart.step().toSeconds(),
                chart.metric().code(),
                chart.metric().unit(),
                query.groupBy().code(),
                chart.completeness(),
                chart.series());
    }

    private static Metric metric(String code) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new UnknownChoice(
                        "metric",
                        Arrays.stream(Metric.values()).map(Metric::code).collect(Collectors.joining(", "))));
    }

    private static GroupBy groupBy(String code) {
        return Arrays.stream(GroupBy.values())
                .filter(groupBy -> groupBy.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new UnknownChoice(
                        "groupBy",
                        Arrays.stream(GroupBy.values()).map(GroupBy::code).collect(Collectors.joining(", "))));
    }

    record ChartAnswer(
            Instant from,
            Instant to,
            long stepSeconds,
            String metric,
            String unit,
            String groupBy,
            double completeness,
            List<Series> series) {}
}
