package io.garrison.reporting.stats;

import io.garrison.reporting.ReportingException.TooManyPoints;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.reporting.TrafficStatistics.GroupBy;
import io.garrison.reporting.TrafficStatistics.Metric;
import io.garrison.reporting.TrafficStatistics.Point;
import io.garrison.reporting.TrafficStatistics.Series;
import io.garrison.reporting.TrafficStatistics.TenantTraffic;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads statistics. Sees what the running transaction may see: one tenant's rows, or all. */
@Component
class StatsTables {

    private static final int MOST_ROWS = 100_000;

    /** Until then the newest sample may still be on its way. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

    /** A service that is silent for longer is taken as gone; what it may still send fills its gap. */
    private static final Duration SILENCE = Duration.ofHours(1);

    private static final String SAMPLES = """
            select at - interval '1 microsecond' as t, stack_id, instance_id, virtual_service, 1 as samples, seconds,
                   bytes_in, bytes_out, requests, connections, connections_now, denied, status2xx, status3xx, status4xx,
                   status5xx, coalesce(latency_ms * greatest(requests, 1), 0) as latency_weighted,
                   case when latency_ms is null then 0 else greatest(requests, 1) end as latency_weight
              from reporting.stats_sample where at > :from and at <= :to""";

    private static final String SLOTS = """
            select slot as t, stack_id, instance_id, virtual_service, samples, seconds,
                   bytes_in, bytes_out, requests, connections, connections_now, denied, status2xx, status3xx, status4xx,
                   status5xx, latency_weighted, latency_weight
              from reporting.stats_slot where slot >= :from and slot < :to""";

    private final JdbcClient database;

    StatsTables(JdbcClient database) {
        this.database = database;
    }

    /** @param fine out of samples rather than 5-minute rows */
    List<Series> series(boolean fine, Instant from, Instant to, Duration step, Metric metric, GroupBy groupBy) {
        var rows = new LinkedHashMap<String, List<Point>>();
        var count = new int[1];
        database.sql("""
                select key, bin, %s from (
                    select date_bin(make_interval(secs => :step), t, :from) as bin, %s as key,
                           sum(bytes_in) as bytes_in, sum(bytes_out) as bytes_out, sum(requests) as requests,
                           sum(connections) as connections, sum(denied) as denied, sum(status2xx) as status2xx,
                           sum(status3xx) as status3xx, sum(status4xx) as status4xx, sum(status5xx) as status5xx,
                           sum(connections_now * samples) / sum(samples) as connections_now,
                           sum(latency_weighted) as latency_weighted, sum(latency_weight) as latency_weight
                      from (%s) as source
                     group by bin, key, instance_id, virtual_service) as services
                 group by key, bin
                 order by key, bin
                 limit :most""".formatted(value(metric), key(groupBy), fine ? SAMPLES : SLOTS))
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .param("step", (double) step.toSeconds())
                .param("most", MOST_ROWS + 1)
                .query(row -> {
                    count[0]++;
                    var value = row.getDouble(3);
                    if (!row.wasNull()) {
                        rows.computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                                .add(new Point(row.getTimestamp(2).toInstant(), value));
                    }
                });
        if (count[0] > MOST_ROWS) {
            throw new TooManyPoints(count[0], MOST_ROWS);
        }
        return rows.entrySet().stream()
                .map(entry -> new Series(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(StatsTables::total)
                        .reversed()
                        .thenComparing(Series::key))
                .limit(TrafficStatistics.MAX_SERIES)
                .toList();
    }

    /** Sampled time by the time in which services existed; 1 if there were none. */
    double completeness(boolean fine, Instant from, Instant to, Instant now) {
        return database.sql("""
                with expected as (
                    select coalesce(sum(greatest(0, extract(epoch from
                             least(:to, case when last_at < :silent then last_at else :arrived end)
                             - greatest(:from, first_at)))), 0) as seconds
                      from reporting.stats_source where last_at > :from and first_at < :to),
                covered as (select coalesce(sum(seconds), 0) as seconds from (%s) as source)
                select case when expected.seconds = 0 then 1
                            else least(1, covered.seconds / expected.seconds) end
                  from expected, covered""".formatted(fine ? SAMPLES : SLOTS))
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .param("arrived", Timestamp.from(now.minus(ON_ITS_WAY)))
                .param("silent", Timestamp.from(now.minus(SILENCE)))
                .query(Double.class)
                .single();
    }

    List<TenantTraffic> byTenant(Instant from, Instant to) {
        return database.sql("""
                select tenant_id, sum(bytes_in), sum(bytes_out), sum(requests), sum(connections), sum(denied),
                       sum(status5xx)
                  from reporting.stats_slot where slot >= :from and slot < :to
                 group by tenant_id
                 order by sum(bytes_in) + sum(bytes_out) desc, tenant_id""")
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .query((row, i) -> StatisticsService.traffic(row.getObject(1, UUID.class), new long[] {
                    row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7)
                }))
                .list();
    }

    private static double total(Series series) {
        return series.points().stream().mapToDouble(Point::value).sum();
    }

    private static String key(GroupBy groupBy) {
        return switch (groupBy) {
            case TOTAL -> "'total'";
            case STACK -> "stack_id::text";
            case INSTANCE -> "instance_id::text";
            case VIRTUAL_SERVICE -> "virtual_service";
        };
    }

    private static String value(Metric metric) {
        return switch (metric) {
            case BYTES_IN -> "sum(bytes_in)";
            case BYTES_OUT -> "sum(bytes_out)";
            case THROUGHPUT_BPS -> "(sum(bytes_in) + sum(bytes_out)) * 8 / :step";
            case REQUESTS -> "sum(requests)";
            case CONNECTIONS -> "sum(connections)";
            case CONNECTIONS_NOW -> "sum(connections_now)";
            case DENIED -> "sum(denied)";
            case STATUS_2XX -> "sum(status2xx)";
            case STATUS_3XX -> "sum(status3xx)";
            case STATUS_4XX -> "sum(status4xx)";
            case STATUS_5XX -> "sum(status5xx)";
            case LATENCY_MS -> "sum(latency_weighted) / nullif(sum(latency_weight), 0)";
        };
    }
}
