package io.garrison.licensing;

import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseException.WrongState;
import io.garrison.licensing.SeatCuts.Cut;
import io.garrison.licensing.SubLicenseChanges.Begun;
import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class SubLicenseOperationService implements SubLicenseOperations {

    private final SubLicenseChanges changes;
    private final PoolAccess pools;
    private final SeatCuts seats;
    private final SubLicenseHistory history;
    private final SubLicenseNews news;
    private final OverageLedger ledger;

    SubLicenseOperationService(
            SubLicenseChanges changes,
            PoolAccess pools,
            SeatCuts seats,
            SubLicenseHistory history,
            SubLicenseNews news,
            OverageLedger ledger) {
        this.ledger = ledger;
        this.changes = changes;
        this.pools = pools;
        this.seats = seats;
        this.history = history;
        this.news = news;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary resize(SubLicenseId id, Terms asked, LeaseRule rule, @Nullable String reason) {
        var begun = changes.begin(id);
        var became = resized(begun, asked);
        var cut = seats.cut(id, became.most(Metric.INSTANCES), rule, begun.now());
        pools.change(begun.license(), became, cut.lingering(), begun.now());
        seats.tell(cut.broken(), rule);
        var told = finish(begun, became, "resized", reason);
        ledger.resized(became, begun.now());
        news.resized(CurrentTenant.require(), became, begun.now());
        return told;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    @Transactional(readOnly = true)
    public Preview preview(SubLicenseId id, Terms asked) {
        var seen = changes.look(id);
        var became = resized(seen, asked);
        var refusals = new ArrayList<LicenseException>();
        try {
            pools.require(seen.license(), became, seen.now());
        } catch (LicenseException e) {
            refusals.add(e);
        }
        var pool = refusals.isEmpty()
                ? pools.with(seen.license(), became, seen.now())
                : pools.asItIs(seen.license(), id, seen.now());
        var breaking = seats.breaking(id, became.most(Metric.INSTANCES), seen.now());
        return new Preview(pool, refusals, seats.running(id, seen.now()), breaking, seats.names(breaking));
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary renew(
            SubLicenseId id, Instant validUntil, @Nullable Integer graceDays, @Nullable String reason) {
        var begun = changes.begin(id);
        var was = begun.was();
        var became = was.renewed(validUntil, graceDays == null ? was.graceDays() : graceDays);
        pools.renew(begun.license(), was, became, begun.now());
        var told = finish(begun, became, "renewed", reason);
        news.renewed(became, begun.now());
        return told;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary suspend(SubLicenseId id, @Nullable String reason) {
        var begun = changes.begin(id);
        if (begun.was().suspendedAt() != null) {
            throw new WrongState("license.already-suspended", "The sub-licence is suspended already.");
        }
        var became = begun.was().suspended(begun.now());
        var told = finish(begun, became, "suspended", reason);
        news.suspended(became, begun.now());
        return told;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary resume(SubLicenseId id, @Nullable String reason) {
        var begun = changes.begin(id);
        if (begun.was().suspendedAt() == null) {
            throw new WrongState("license.not-suspended", "The sub-licence is not suspended.");
        }
        var became = begun.was().suspended(null);
        var told = finish(begun, became, "resumed", reason);
        news.resumed(became, begun.now());
        return told;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary revoke(SubLicenseId id, LeaseRule rule, @Nullable String reason) {
        var begun = changes.begin(id);
        var became = begun.was().revoked(begun.now());
        var cut = cutAll(begun, rule);
        seats.lastGiveUp(id, begun.now())
                .ifPresentOrElse(last -> pools.holdUntil(id, last, begun.now()), () -> pools.giveBack(id, begun.now()));
        seats.tell(cut.broken(), rule);
        var told = finish(begun, became, "revoked", reason);
        news.revoked(became, begun.now());
        return told;
    }

    private static Stored resized(Begun begun, Terms asked) {
        return begun.was().resized(asked.entitlements(), asked.over(begun.was().overages()));
    }

    /** Without a grace seats simply run out: shortening them would only make an edge ask sooner. */
    private Cut cutAll(Begun begun, LeaseRule rule) {
        if (rule.ifLeasesBreak() == LeaseRule.IfLeasesBreak.GRACE && rule.graceHours() == 0) {
            seats.letRunOut(begun.was().id());
            return new Cut(List.of(), PoolShare.Lingering.NONE);
        }
        return seats.cut(begun.was().id(), 0, rule, begun.now());
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    @Transactional(readOnly = true)
    public boolean issuedHere(SubLicenseId id) {
        return changes.issuedHere(id);
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    @Transactional(readOnly = true)
    public List<SubLicenseChange> history(SubLicenseId id, @Nullable Long before, int limit) {
        if (!changes.exists(id)) {
            throw new UnknownSubLicense();
        }
        return history.page(id, before == null ? Long.MAX_VALUE : before, limit);
    }

    private SubLicenseSummary finish(Begun begun, Stored became, String action, @Nullable String reason) {
        changes.finish(CurrentTenant.require(), begun, became, action, reason);
        news.changed(begun.was(), became, action, reason);
        return became.at(begun.now());
    }
}
