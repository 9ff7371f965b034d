package io.garrison.instances;

import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenses;
import io.garrison.protocol.Report;
import io.garrison.protocol.ThroughputShare;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Gives each instance its share of its sub-licence's throughput, with the answer to its heartbeat. One instance of a
 * sub-licence at a time: the split's row is locked.
 */
@Component
class ThroughputShares {

    /** A limit below this passes this much all the same: a licence slows traffic, and never stops it. */
    static final long LEAST_BPS = 1_000_000;

    private final ThroughputRows rows;
    private final ThroughputWindows windows;
    private final SubLicenses subLicenses;
    private final Clock clock;

    ThroughputShares(ThroughputRows rows, ThroughputWindows windows, SubLicenses subLicenses, Clock clock) {
        this.rows = rows;
        this.windows = windows;
        this.subLicenses = subLicenses;
        this.clock = clock;
    }

    /**
     * The limit holds by its overage rule: DENY at the limit, CEILING at the ceiling; ALARM and BILL do not limit.
     *
     * @return what the instance may pass from now on; nothing for an agent that does not limit
     */
    @Transactional
    public @Nullable ThroughputShare answer(EdgeIdentity from, SubLicenseId subLicense, Report report) {
        var told = report.throughput();
        if (told == null) {
            return null;
        }
        var now = clock.instant();
        var instance = from.instanceId();
        var found = subLicenses.find(subLicense);
        long most = found.map(of -> of.most(Metric.THROUGHPUT_BPS)).orElse(Long.MAX_VALUE);
        boolean limited = most < Long.MAX_VALUE;
        if (limited) {
            rows.lockSplit(subLicense);
        }
        var before = rows.find(instance).orElse(null);
        if (before != null && before.isNewerThan(report)) {
            return before.share(); // it came late, and nobody waits for the answer any more
        }
        var row = before == null ? ShareRow.first(instance, report, told) : before.after(report, told);
        var span = row.rate().span();
        if (span != null) {
            windows.add(subLicense, instance, span, now);
        }
        long seats = found.map(of -> of.most(Metric.INSTANCES)).orElse(0L);
        var given = row.with(
                limited
                        ? grant(row, from.stackId(), subLicense, Math.max(most, LEAST_BPS), seats, now)
                        : row.grant().unlimited());
        rows.save(given, now);
        return given.share();
    }

    private ShareRow.Grant grant(
            ShareRow row, StackId stack, SubLicenseId subLicense, long cap, long seats, Instant now) {
        var members = new ArrayList<>(rows.others(subLicense, row.instance(), now));
        var self = row.member(stack);
        members.add(self);
        return row.grant().to(new ShareGrants(cap, members.size() < seats).next(members, self));
    }
}
