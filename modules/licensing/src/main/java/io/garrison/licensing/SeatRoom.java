package io.garrison.licensing;

import io.garrison.licensing.LicenseException.NoSeatLeft;
import io.garrison.licensing.Overage.Policy;
import io.garrison.licensing.SubLicenseRecords.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether there is room for one more seat: within the limit, or beyond it by the overage rule and out of the pool. */
@Component
class SeatRoom {

    private final SubLicenseRecords records;
    private final SubLicenseChanges changes;
    private final Seats seats;
    private final Pools pools;
    private final OverageLedger ledger;

    SeatRoom(SubLicenseRecords records, SubLicenseChanges changes, Seats seats, Pools pools, OverageLedger ledger) {
        this.records = records;
        this.changes = changes;
        this.seats = seats;
        this.pools = pools;
        this.ledger = ledger;
    }

    Instant now() {
        return changes.now();
    }

    /** The licence is locked before its sub-licence, so it is decided here whether it may be needed. */
    @Nullable
    LicenseSummary lockIfSeatsGoBeyond(Stored seen, UUID instance) {
        boolean renewal =
                seats.heldBy(instance, now()).filter(seen.id()::equals).isPresent();
        return renewal || denies(seen)
                ? null
                : changes.lockIfHere(seen.licenseId()).orElse(null);
    }

    /** Only where seats may be beyond the limit does it matter in which order they come and go. */
    Optional<Stored> lockIfOver(Stored seen, UUID instance) {
        return denies(seen) && !seats.counts(instance) ? Optional.empty() : records.lock(seen.id());
    }

    /** After one has gone. */
    void settleRest(Stored locked, Instant now) {
        settle(locked, now);
        pools.seatsLeft(locked.id(), seats.lingering(locked.id(), now), now);
    }

    private static boolean denies(Stored subLicense) {
        return subLicense.overages().of(Metric.INSTANCES).policy() == Policy.DENY;
    }

    void settle(Stored locked, Instant now) {
        ledger.settleSeats(locked, now);
    }

    /**
     * @param license locked, if it was foreseen that seats may go beyond the limit
     * @throws NoSeatLeft if all are taken that the limit and the overage rule allow
     * @throws LicenseException.PoolExhausted if the rule allows one more and the licence pool has none
     */
    void require(Stored locked, @Nullable LicenseSummary license, long taken, Instant now) {
        long limit = locked.entitlements().instances();
        if (taken < limit) {
            return;
        }
        boolean foreseen = license != null || !denies(locked) && records.isLoaded(locked.id());
        if (!foreseen || taken >= locked.most(Metric.INSTANCES)) {
            throw new NoSeatLeft(foreseen ? locked.most(Metric.INSTANCES) : limit);
        }
        if (license != null) {
            pools.requireRoomBeyond(license, locked, Metric.INSTANCES, taken + 1, now);
        }
    }
}
