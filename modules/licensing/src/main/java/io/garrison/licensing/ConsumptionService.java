package io.garrison.licensing;

import io.garrison.licensing.LicenseException.OverageRefused;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class ConsumptionService implements Consumption, ConsumptionView {

    private final SubLicenseRecords records;
    private final SubLicenseChanges changes;
    private final Pools pools;
    private final OverageIntervals intervals;
    private final Uses uses;

    ConsumptionService(
            SubLicenseRecords records, SubLicenseChanges changes, Pools pools, OverageIntervals intervals, Uses uses) {
        this.records = records;
        this.changes = changes;
        this.pools = pools;
        this.intervals = intervals;
        this.uses = uses;
    }

    /** Seats as they are, and the ledger of what goes beyond. */
    @Component
    record Uses(Seats seats, OverageLedger ledger) {}

    @Override
    @Transactional
    public void tell(SubLicenseId id, Metric metric, long used) {
        if (metric != Metric.VIRTUAL_SERVICES && metric != Metric.THROUGHPUT_BPS) {
            throw new IllegalArgumentException(metric + " is not told but counted");
        }
        var seen = records.find(id).orElseThrow(UnknownSubLicense::new);
        // The licence before the sub-licence, as everywhere. Only what goes beyond a limit comes out of its pool; until
        // the
        // sub-licence is locked its limit may be lowered.
        boolean mayGoBeyond = used > seen.entitlements().limit(metric)
                || seen.overages().of(metric).policy() != Overage.Policy.DENY;
        var license = mayGoBeyond ? changes.lockIfHere(seen.licenseId()).orElse(null) : null;
        var licensed = records.lock(id).orElseThrow(UnknownSubLicense::new);
        var now = changes.now();
        // Who comes down from beyond a limit that was lowered is never refused.
        boolean more = used > intervals.told(id, metric).orElse(0L);
        long limit = licensed.entitlements().limit(metric);
        if (used > limit && more && metric == Metric.VIRTUAL_SERVICES) {
            boolean foreseen = license != null || records.isLoaded(id);
            long most = foreseen ? licensed.most(metric) : limit;
            if (used > most) {
                throw new OverageRefused(metric, used, most);
            }
            if (license != null) {
                pools.requireRoomBeyond(license, licensed, metric, used, now);
            }
        }
        intervals.tell(id, metric, used, now);
        uses.ledger().use(licensed, metric, used, now);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public List<Line> of(SubLicenseId id) {
        var found = records.find(id).orElseThrow(UnknownSubLicense::new);
        var now = changes.now();
        return Metric.counted().stream().map(metric -> line(found, metric, now)).toList();
    }

    private Line line(Stored found, Metric metric, Instant now) {
        var used = metric == Metric.INSTANCES
                ? Long.valueOf(uses.seats().taken(found.id(), now))
                : intervals.told(found.id(), metric).orElse(null);
        long limit = found.entitlements().limit(metric);
        var overage = found.overages().of(metric);
        long over = used == null ? 0 : Math.max(0, used - limit);
        return new Line(metric, limit, overage, used, over, state(used, limit, overage));
    }

    private static State state(@Nullable Long used, long limit, Overage overage) {
        if (used == null) {
            return State.UNKNOWN;
        } else if (used > limit) {
            return overage.policy() == Overage.Policy.ALARM ? State.ALARM : State.OVER;
        }
        return used == overage.most(limit) ? State.EXHAUSTED : State.WITHIN;
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public List<OverageInterval> overage(SubLicenseId id, @Nullable UUID after, int limit) {
        if (!changes.exists(id)) {
            throw new UnknownSubLicense();
        }
        return intervals.page(id, after, limit);
    }
}
