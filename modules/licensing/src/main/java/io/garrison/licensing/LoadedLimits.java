package io.garrison.licensing;

import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.tenancy.AuditTrail;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Brings what is used of a sub-licence that was loaded down to what its newest file grants. */
@Component
class LoadedLimits {

    private final SubLicenseRecords records;
    private final SubLicenseChanges changes;
    private final SeatCuts seats;
    private final OverageLedger ledger;
    private final AuditTrail audit;

    LoadedLimits(
            SubLicenseRecords records,
            SubLicenseChanges changes,
            SeatCuts seats,
            OverageLedger ledger,
            AuditTrail audit) {
        this.records = records;
        this.changes = changes;
        this.seats = seats;
        this.ledger = ledger;
        this.audit = audit;
    }

    /**
     * Has the newest instances beyond the limit give their seats up after as many days as the file has of grace, and lets
     * stay for whom there is room again. In the transaction that put the newer file in place, and so holds its lock.
     */
    void cut(SubLicenseId id) {
        var stored = records.find(id).orElseThrow(UnknownSubLicense::new);
        var now = changes.now();
        var rule = new LeaseRule(IfLeasesBreak.GRACE, Math.min(stored.graceDays() * 24, LeaseRule.MAX_GRACE_HOURS));
        var broken = seats.cut(id, stored.most(Metric.INSTANCES), rule, now).broken();
        if (!broken.isEmpty()) {
            audit.record(
                    "sub-license.seats-cut",
                    "sub-license",
                    id.toString(),
                    Map.of(
                            "serial", stored.serial(),
                            "seats", broken.size(),
                            "giveUpAt", rule.giveUpAt(now).toString()));
        }
    }

    /** Goes by the new limits in the ledger of overage. With the tenant bound: the provider's role keeps none. */
    void settle(SubLicenseId id) {
        records.lock(id).ifPresent(locked -> ledger.resized(locked, changes.now()));
    }
}
