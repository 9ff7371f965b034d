package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Keeps the intervals in which the bound tenant uses more than a limit. The caller holds the lock on the sub-licence,
 * and, where the amount grows, on its licence, because what goes beyond the limit comes out of the pool.
 */
@Component
class OverageLedger {

    private final OverageIntervals intervals;
    private final Seats seats;
    private final PoolShares shares;
    private final AuditTrail audit;
    private final ApplicationEventPublisher events;

    OverageLedger(
            OverageIntervals intervals,
            Seats seats,
            PoolShares shares,
            AuditTrail audit,
            ApplicationEventPublisher events) {
        this.intervals = intervals;
        this.seats = seats;
        this.shares = shares;
        this.audit = audit;
        this.events = events;
    }

    /**
     * Writes down what happened to the seats up to now. Seats that ran out did so at an instant that is known, whoever
     * notices it when; the intervals end at that instant.
     */
    void settleSeats(Stored subLicense, Instant now) {
        intervals
                .open(subLicense.id(), Metric.INSTANCES)
                .ifPresent(open -> stepDown(open, seats.ranOut(subLicense.id(), open.from(), now)));
        use(subLicense, Metric.INSTANCES, seats.taken(subLicense.id(), now), now);
    }

    private void stepDown(OverageInterval first, List<Instant> ranOut) {
        var open = first;
        for (var at : ranOut) {
            intervals.end(open, at);
            long rest = open.amount() - 1;
            shares.over(open.subLicense(), open.metric(), rest);
            if (rest == 0) {
                ended(open.subLicense(), open.metric());
                return;
            }
            open = new OverageInterval(
                    UUID.randomUUID(), open.subLicense(), open.metric(), at, null, rest, open.limit(), open.policy());
            intervals.begin(open);
        }
    }

    /** Goes by the new limits and rules from now on. */
    void resized(Stored became, Instant now) {
        settleSeats(became, now);
        for (var metric : List.of(Metric.THROUGHPUT_BPS, Metric.VIRTUAL_SERVICES)) {
            intervals.told(became.id(), metric).ifPresent(used -> use(became, metric, used, now));
        }
    }

    /** So much is used from now on. */
    void use(Stored subLicense, Metric metric, long used, Instant now) {
        long limit = subLicense.entitlements().limit(metric);
        var policy = subLicense.overages().of(metric).policy();
        long amount = subLicense.over(metric, used);
        var open = intervals.open(subLicense.id(), metric);
        boolean same = open.filter(is -> is.amount() == amount && is.limit() == limit && is.policy() == policy)
                .isPresent();
        if (same || amount == 0 && open.isEmpty()) {
            return;
        }
        open.ifPresent(is -> intervals.end(is, now));
        if (amount > 0) {
            intervals.begin(
                    new OverageInterval(UUID.randomUUID(), subLicense.id(), metric, now, null, amount, limit, policy));
        }
        shares.over(subLicense.id(), metric, amount);
        if (open.isEmpty()) {
            began(subLicense, metric, policy, now);
        } else if (amount == 0) {
            ended(subLicense.id(), metric);
        }
    }

    private void ended(SubLicenseId subLicense, Metric metric) {
        audit.record("overage.ended", "sub-license", subLicense.toString(), Map.of("metric", metric.wireName()));
    }

    private void began(Stored subLicense, Metric metric, Overage.Policy policy, Instant now) {
        audit.record(
                "overage.began",
                "sub-license",
                subLicense.id().toString(),
                Map.of("metric", metric.wireName(), "policy", policy.name()));
        events.publishEvent(new OverageBegan(CurrentTenant.require(), subLicense.id(), metric, policy, now));
    }
}
