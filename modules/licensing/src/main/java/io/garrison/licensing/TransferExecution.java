package io.garrison.licensing;

import io.garrison.licensing.LicenseException.TransferRefused;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SeatCuts.Cut;
import io.garrison.licensing.SubLicenseChanges.Begun;
import io.garrison.licensing.Transfer.State;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.ProviderScope;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does a transfer. Both sides change in one transaction, which only the provider's role can: it sees both tenants. The
 * row of the transfer is locked and has to be scheduled still, so of many replicas that try exactly one does it.
 */
@Component
class TransferExecution {

    private final SubLicenseRecords records;
    private final SubLicenseChanges changes;
    private final Sides sides;
    private final Transfers transfers;
    private final TransactionTemplate transaction;

    TransferExecution(
            SubLicenseRecords records,
            SubLicenseChanges changes,
            Sides sides,
            Transfers transfers,
            PlatformTransactionManager transactions) {
        this.records = records;
        this.changes = changes;
        this.sides = sides;
        this.transfers = transfers;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** What moves between the sides, and who hears of it. */
    @Component
    record Sides(PoolAccess pools, SeatCuts seats, SubLicenseNews news, OverageLedger ledger) {}

    /** Whether the bound tenant has it. */
    void requireSeen(SubLicenseId id) {
        if (!changes.exists(id)) {
            throw new UnknownSubLicense();
        }
    }

    /**
     * @throws UnknownSubLicense if the giving tenant has no such sub-licence
     * @throws TransferRefused if the target is none that it can go to
     */
    void requireSides(Transfer order) {
        ProviderScope.run(() -> transaction.executeWithoutResult(status -> between(order)));
    }

    /**
     * Does it, or notes why it failed and throws that.
     *
     * @throws LicenseException if it is refused
     */
    void execute(UUID id) {
        try {
            var done = ProviderScope.call(() -> transaction.execute(status -> doIt(id)));
            if (done != null) {
                done.ifPresent(this::tell);
            }
        } catch (LicenseException e) {
            ProviderScope.run(() -> transaction.executeWithoutResult(status -> fail(id, e)));
            throw e;
        }
    }

    private record Done(Transfer transfer, Cut cut) {}

    private Optional<Done> doIt(UUID id) {
        var found = transfers.lockScheduled(id);
        return found.map(transfer -> {
            var license = changes.lock(between(transfer));
            var ids = Stream.of(transfer.from(), transfer.to())
                    .sorted(Comparator.comparing(SubLicenseId::value))
                    .toList();
            var first = changes.begin(ids.getFirst(), license);
            var second = changes.begin(ids.getLast(), license);
            boolean inOrder = ids.getFirst().equals(transfer.from());
            return move(transfer, inOrder ? first : second, inOrder ? second : first);
        });
    }

    private Done move(Transfer transfer, Begun giver, Begun taker) {
        requireInForce(giver, "subLicenseId");
        requireInForce(taker, "toSubLicenseId");
        var now = taker.now();
        var given = giver.was().resized(less(giver.was().entitlements(), transfer.amounts()));
        var taken = taker.was().resized(plus(taker.was().entitlements(), transfer.amounts()));
        var cut = sides.seats().cut(transfer.from(), given.most(Metric.INSTANCES), transfer.rule(), now);
        var eased = sides.seats().ease(transfer.to(), taken.most(Metric.INSTANCES), now);
        sides.pools().move(giver.license(), given, cut.lingering(), taken, eased, now);
        changes.finish(transfer.tenant(), giver, given, "transferred-out", transfer.reason());
        changes.finish(transfer.toTenant(), taker, taken, "transferred-in", transfer.reason());
        transfers.end(transfer.id(), State.DONE, now, null, null);
        sides.news().transferred(transfer, now);
        return new Done(transfer, cut);
    }

    /** What follows within each tenant: the provider's role neither drains instances nor keeps overage. */
    private void tell(Done done) {
        var transfer = done.transfer();
        CurrentTenant.runAs(
                transfer.tenant(),
                () -> transaction.executeWithoutResult(status -> {
                    settle(transfer.from());
                    sides.seats().tell(done.cut().broken(), transfer.rule());
                }));
        CurrentTenant.runAs(
                transfer.toTenant(), () -> transaction.executeWithoutResult(status -> settle(transfer.to())));
    }

    private void settle(SubLicenseId id) {
        records.lock(id).ifPresent(locked -> sides.ledger().resized(locked, changes.now()));
    }

    private void fail(UUID id, LicenseException why) {
        transfers
                .lockScheduled(id)
                .ifPresent(transfer ->
                        transfers.end(id, State.FAILED, changes.now(), why.code(), String.valueOf(why.getMessage())));
    }

    /** The licence that both hang on. */
    private LicenseId between(Transfer transfer) {
        var from = records.findOf(transfer.tenant(), transfer.from()).orElseThrow(UnknownSubLicense::new);
        var to = records.findOf(transfer.toTenant(), transfer.to())
                .orElseThrow(() -> new TransferRefused(
                        "toSubLicenseId", "license.unknown", "that tenant has no such sub-licence"));
        if (!from.licenseId().equals(to.licenseId())) {
            throw new TransferRefused(
                    "toSubLicenseId", "license.other-license", "hangs on another licence, so nothing can move there");
        }
        return from.licenseId();
    }

    private static void requireInForce(Begun side, String field) {
        var state = side.was().stateAt(side.now());
        if (!state.isInForce()) {
            throw new TransferRefused(
                    field,
                    "license.not-in-force",
                    "sub-licence %s is %s".formatted(side.was().id(), state));
        }
    }

    private static Entitlements less(Entitlements from, Entitlements amounts) {
        for (var metric : Metric.counted()) {
            if (amounts.limit(metric) > from.limit(metric)) {
                throw new TransferRefused(
                        "entitlements",
                        "license.transfer-exceeds",
                        "%s: asked %d, there are %d"
                                .formatted(metric.wireName(), amounts.limit(metric), from.limit(metric)));
            }
        }
        return new Entitlements(
                from.instances() - amounts.instances(),
                from.throughputBps() - amounts.throughputBps(),
                from.virtualServices() - amounts.virtualServices(),
                from.features());
    }

    /** Cannot overflow: both are shares of one licence, whose limits have 63 bits, and none exceeds it. */
    private static Entitlements plus(Entitlements to, Entitlements amounts) {
        return new Entitlements(
                Math.addExact(to.instances(), amounts.instances()),
                Math.addExact(to.throughputBps(), amounts.throughputBps()),
                Math.addExact(to.virtualServices(), amounts.virtualServices()),
                to.features());
    }

    /**
     * Runs work of the provider from within a tenant's request: on a thread of its own, where no tenant is bound, with
     * the same actor, and waits for it.
     */
    void outside(Runnable work) {
        var actor = Actor.current();
        var task = new FutureTask<Boolean>(() -> Actor.callAs(actor, () -> {
            work.run();
            return true;
        }));
        Thread.ofVirtual().name("transfer").start(task);
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("a transfer failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a transfer was being done; it is finished or undone", e);
        }
    }
}
