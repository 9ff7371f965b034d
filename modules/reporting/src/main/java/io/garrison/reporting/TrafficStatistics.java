package io.garrison.reporting;

import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Measured traffic for charts, never for bills. Ten-second samples for a day, 5-minute rows for 90 days. */
public interface TrafficStatistics {

    int MAX_POINTS = 2_000;
    int MAX_SERIES = 50;

    /**
     * A chart of the bound tenant's traffic. Of more than {@link #MAX_SERIES} groups the largest are answered.
     *
     * @throws ReportingException.BadRange if the range is empty or longer than 92 days
     * @throws ReportingException.TooManyPoints if range and step make more than {@link #MAX_POINTS} points
     */
    Chart chart(ChartQuery query);

    /**
     * Traffic of each tenant in a range, for the provider's overview, most bytes first; no tenant may be bound.
     * Tenants without traffic are absent.
     */
    List<TenantTraffic> byTenant(Instant from, Instant to);

    /** All tenants' traffic over time, for the provider's overview; no tenant may be bound. */
    Chart providerChart(Instant from, Instant to, Duration step, Metric metric);

    /** @param step a multiple of ten seconds; of 5 minutes where the range begins more than a day ago */
    record ChartQuery(Instant from, Instant to, Duration step, Metric metric, GroupBy groupBy) {}

    /**
     * @param step as used: the asked one, or longer where only 5-minute rows are left
     * @param completeness sampled time divided by the time in which the services existed, 0 to 1
     */
    record Chart(Instant from, Instant to, Duration step, Metric metric, double completeness, List<Series> series) {}

    /** @param key id of the stack or instance, name of the virtual service, or {@code total} */
    record Series(String key, List<Point> points) {}

    /** @param at begin of the step; steps without a sample have no point */
    record Point(Instant at, double value) {}

    record TenantTraffic(
            TenantId tenantId,
            long bytesIn,
            long bytesOut,
            long requests,
            long connections,
            long denied,
            long errors) {}

    enum GroupBy {
        TOTAL("total"),
        STACK("stack"),
        INSTANCE("instance"),
        VIRTUAL_SERVICE("virtualService");

        private final String code;

        GroupBy(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** Counters are sums over the step; rates are averages over it; gauges are averages over the samples. */
    enum Metric {
        BYTES_IN("bytesIn", "B"),
        BYTES_OUT("bytesOut", "B"),
        THROUGHPUT_BPS("throughputBps", "bit/s"),
        REQUESTS("requests", "requests"),
        CONNECTIONS("connections", "connections"),
        CONNECTIONS_NOW("connectionsNow", "connections"),
        DENIED("denied", "requests"),
        STATUS_2XX("status2xx", "requests"),
        STATUS_3XX("status3xx", "requests"),
        STATUS_4XX("status4xx", "requests"),
        STATUS_5XX("status5xx", "requests"),
        LATENCY_MS("latencyMs", "ms");

        private final String code;
        private final String unit;

        Metric(String code, String unit) {
            this.code = code;
            this.unit = unit;
        }

        public String code() {
            return code;
        }

        public String unit() {
            return unit;
        }
    }
}
