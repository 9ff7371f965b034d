package io.garrison.reporting.stats;

import io.garrison.reporting.ReportingException.BadRange;
import io.garrison.reporting.ReportingException.TooManyPoints;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class StatisticsService implements TrafficStatistics {

    private static final Duration LONGEST = Duration.ofDays(92);
    private static final Duration SAMPLE = Duration.ofSeconds(10);
    private static final Duration SLOT = Duration.ofMinutes(5);

    private final StatsTables tables;
    private final TransactionTemplate reading;
    private final Clock clock;

    StatisticsService(StatsTables tables, PlatformTransactionManager transactions, Clock clock) {
        this.tables = tables;
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.clock = clock;
    }

    @Override
    @Requires(Permission.TELEMETRY_VIEW)
    public Chart chart(ChartQuery query) {
        CurrentTenant.require();
        return draw(query);
    }

    @Override
    @Requires(Permission.TELEMETRY_VIEW)
    public Chart providerChart(Instant from, Instant to, Duration step, Metric metric) {
        return ProviderScope.call(() -> draw(new ChartQuery(from, to, step, metric, GroupBy.TOTAL)));
    }

    @Override
    @Requires(Permission.TELEMETRY_VIEW)
    public List<TenantTraffic> byTenant(Instant from, Instant to) {
        checkRange(from, to);
        return ProviderScope.call(() -> read(() -> tables.byTenant(from, to)));
    }

    private Chart draw(ChartQuery query) {
        checkRange(query.from(), query.to());
        if (query.step().isZero()
                || query.step().isNegative()
                || query.step().toSeconds() % SAMPLE.toSeconds() != 0
                || query.step().toNanosPart() != 0) {
            throw new BadRange("step must be a multiple of 10 seconds.");
        }
        var now = clock.instant();
        var fine = query.step().compareTo(SLOT) < 0 && !query.from().isBefore(now.minus(StatsRetention.SAMPLES));
        var step = fine ? query.step() : roundedUp(query.step());
        var from = Instant.ofEpochSecond(
                Math.floorDiv(query.from().getEpochSecond(), step.toSeconds()) * step.toSeconds());
        var points = Math.ceilDiv(Duration.between(from, query.to()).toSeconds(), step.toSeconds());
        if (points > MAX_POINTS) {
            throw new TooManyPoints(points, MAX_POINTS);
        }
        return read(() -> new Chart(
                from,
                query.to(),
                step,
                query.metric(),
                tables.completeness(fine, from, query.to(), now),
                tables.series(fine, from, query.to(), step, query.metric(), query.groupBy())));
    }

    private static Duration roundedUp(Duration step) {
        return SLOT.multipliedBy(Math.ceilDiv(step.toSeconds(), SLOT.toSeconds()));
    }

    private static void checkRange(Instant from, Instant to) {
        if (!from.isBefore(to)) {
            throw new BadRange("from must be before to.");
        }
        if (from.isBefore(Instant.EPOCH) || Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new BadRange("At most %d days are answered at once.".formatted(LONGEST.toDays()));
        }
    }

    private <R> R read(Supplier<R> work) {
        R result = reading.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("a read without a result");
        }
        return result;
    }

    static TenantTraffic traffic(UUID tenant, long[] sums) {
        return new TenantTraffic(new TenantId(tenant), sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    }
}
