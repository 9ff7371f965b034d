package io.garrison.instances;

import io.garrison.licensing.Consumption;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells licensing how much throughput each sub-licence uses: the mean rate over the last whole five minutes of the clock
 * (UTC), of all its instances together, in the direction in which more passed. Bits are those that the instances' meters
 * count: IP packets where the kernel counts, and the payload of connections where HAProxy does. Five minutes without any
 * report count as nothing used.
 *
 * <p>Runs on every replica; the split's row is locked, and remembers up to which window was told.
 */
@Component
class ThroughputTelling {

    private static final Logger log = LoggerFactory.getLogger(ThroughputTelling.class);

    private final JdbcClient jdbc;
    private final ThroughputRows rows;
    private final ThroughputWindows windows;
    private final Consumption consumption;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ThroughputTelling(
            JdbcClient jdbc,
            ThroughputRows rows,
            ThroughputWindows windows,
            Consumption consumption,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.windows = windows;
        this.consumption = consumption;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    private record Due(TenantId tenant, SubLicenseId subLicense) {}

    @Scheduled(fixedDelay = 10_000)
    void tell() {
        tell(clock.instant());
    }

    void tell(Instant now) {
        var window = ThroughputWindows.lastWhole(now);
        for (var due : due(window)) {
            CurrentTenant.runAs(due.tenant(), () -> guarded(due.subLicense(), window));
        }
    }

    /** What goes wrong with one sub-licence keeps no other from being told. */
    private void guarded(SubLicenseId subLicense, Instant window) {
        try {
            transaction.executeWithoutResult(status -> tell(subLicense, window));
        } catch (LicenseException e) {
            log.warn("Throughput of sub-licence {} is not told: {}", subLicense, e.code());
            transaction.executeWithoutResult(status -> leaveOut(subLicense, window));
        } catch (RuntimeException e) {
            log.error("Throughput of sub-licence {} is not told; trying on", subLicense, e);
        }
    }

    private void leaveOut(SubLicenseId subLicense, Instant window) {
        rows.lockSplit(subLicense);
        rows.told(subLicense, 0, window.plus(ThroughputWindows.LENGTH));
        windows.forget(subLicense, window);
    }

    /** Who passed something in a window that was not told yet, and who was told to use something before. */
    private List<Due> due(Instant window) {
        return ProviderScope.call(() -> transaction.execute(status -> jdbc.sql("""
                        select tenant_id, sub_license_id from instances.throughput_window where began_at <= :window
                        union
                        select tenant_id, sub_license_id from instances.throughput_split
                         where told_bps > 0 and told_until <= :window""")
                .param("window", Sql.time(window))
                .query((row, n) -> new Due(
                        new TenantId(Sql.uuid(row, "tenant_id")), new SubLicenseId(Sql.uuid(row, "sub_license_id"))))
                .list()));
    }

    private void tell(SubLicenseId subLicense, Instant window) {
        rows.lockSplit(subLicense);
        var end = window.plus(ThroughputWindows.LENGTH);
        if (rows.isUntold(subLicense, end)) {
            long used = windows.meanBps(subLicense, window);
            rows.told(subLicense, used, end);
            consumption.tell(subLicense, Metric.THROUGHPUT_BPS, used);
        }
        windows.forget(subLicense, window);
    }
}
