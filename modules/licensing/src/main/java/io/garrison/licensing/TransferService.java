package io.garrison.licensing;

import io.garrison.licensing.LicenseException.TransferRefused;
import io.garrison.licensing.LicenseException.UnknownTransfer;
import io.garrison.licensing.LicenseException.WrongState;
import io.garrison.licensing.Transfer.State;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The giving tenant's side of transfers. What concerns both sides is {@link TransferExecution}'s. */
@Service
class TransferService implements SubLicenseTransfers {

    private final Transfers transfers;
    private final TransferExecution execution;
    private final Installation installation;
    private final AuditTrail audit;
    private final TransactionTemplate transaction;

    TransferService(
            Transfers transfers,
            TransferExecution execution,
            Installation installation,
            AuditTrail audit,
            PlatformTransactionManager transactions) {
        this.transfers = transfers;
        this.execution = execution;
        this.installation = installation;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public Transfer request(SubLicenseId from, Order order) {
        var now = installation.now().truncatedTo(ChronoUnit.MICROS);
        var effectiveAt = order.effectiveAt() == null ? now : order.effectiveAt();
        requireSense(from, order, effectiveAt, now);
        var fresh = new Transfer(
                UUID.randomUUID(),
                CurrentTenant.require(),
                from,
                order.toTenant(),
                order.to(),
                order.amounts(),
                order.rule(),
                effectiveAt,
                State.SCHEDULED,
                now,
                Actor.current().name(),
                order.reason(),
                null,
                null,
                null);
        execution.outside(() -> execution.requireSides(fresh));
        transaction.executeWithoutResult(status -> note(fresh));
        if (!effectiveAt.isAfter(now)) {
            execution.outside(() -> execution.execute(fresh.id()));
        }
        return get(from, fresh.id());
    }

    private void note(Transfer fresh) {
        transfers.insert(fresh);
        audit.record(
                "sub-license.transfer-requested",
                "sub-license",
                fresh.from().toString(),
                Map.of(
                        "transfer", fresh.id().toString(),
                        "effectiveAt", fresh.effectiveAt().toString(),
                        "instances", fresh.amounts().instances(),
                        "throughputBps", fresh.amounts().throughputBps(),
                        "virtualServices", fresh.amounts().virtualServices()));
    }

    private static void requireSense(SubLicenseId from, Order order, Instant effectiveAt, Instant now) {
        if (Metric.counted().stream().allMatch(metric -> order.amounts().limit(metric) == 0)) {
            throw new TransferRefused("entitlements", "license.transfer-of-nothing", "must name at least one amount");
        }
        if (!order.amounts().features().isEmpty()) {
            throw new TransferRefused(
                    "entitlements",
                    "license.features-do-not-move",
                    "features are no amounts; resize the sub-licences instead");
        }
        if (from.equals(order.to())) {
            throw new TransferRefused("toSubLicenseId", "license.transfer-to-itself", "must be another sub-licence");
        }
        if (effectiveAt.isBefore(now)) {
            throw new TransferRefused("effectiveAt", "license.in-the-past", "must not be past; now is " + now);
        }
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<Transfer> list(SubLicenseId from, @Nullable UUID after, int limit) {
        return Objects.requireNonNull(transaction.execute(status -> {
            execution.requireSeen(from);
            return transfers.page(from, after, limit);
        }));
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public Transfer get(SubLicenseId from, UUID id) {
        return Objects.requireNonNull(transaction.execute(status ->
                transfers.find(id).filter(found -> found.from().equals(from)).orElseThrow(UnknownTransfer::new)));
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public Transfer cancel(SubLicenseId from, UUID id) {
        transaction.executeWithoutResult(status -> {
            var found = transfers
                    .lock(id)
                    .filter(known -> known.from().equals(from))
                    .orElseThrow(UnknownTransfer::new);
            if (found.state() != State.SCHEDULED) {
                throw new WrongState("license.transfer-ended", "The transfer is %s already.".formatted(found.state()));
            }
            transfers.end(id, State.CANCELLED, installation.now().truncatedTo(ChronoUnit.MICROS), null, null);
            audit.record(
                    "sub-license.transfer-cancelled",
                    "sub-license",
                    from.toString(),
                    Map.of("transfer", id.toString()));
        });
        return get(from, id);
    }
}
