package io.garrison.instances;

import io.garrison.licensing.Consumption;
import io.garrison.licensing.DrainedSeats;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.InstanceSeats;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overages;
import io.garrison.licensing.SeatLease;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.licensing.SubLicenses;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseTrust;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Sub-licences as these tests need them, in memory. A seat that was taken in a transaction that fails is free again. */
@Component
@Primary
@ConditionalOnProperty(name = "test.licensing", havingValue = "memory", matchIfMissing = true)
public class TestLicensing implements SubLicenses, InstanceSeats, DrainedSeats, Consumption {

    private final Map<SubLicenseId, Sold> sold = new HashMap<>();
    private final Map<UUID, SubLicenseId> leases = new HashMap<>();
    private final Set<UUID> takenAway = new HashSet<>();
    private final Map<SubLicenseId, Map<Metric, Long>> told = new HashMap<>();

    private record Sold(TenantId tenant, Entitlements entitlements, SubLicenseState state, Overages overages) {}

    public synchronized SubLicenseId sell(TenantId tenant, long instances, long virtualServices) {
        var id = new SubLicenseId(UUID.randomUUID());
        sold.put(
                id,
                new Sold(
                        tenant,
                        new Entitlements(instances, 1_000_000, virtualServices, Set.of()),
                        SubLicenseState.ACTIVE,
                        Overages.NONE));
        return id;
    }

    /** From now on. */
    public synchronized void limit(SubLicenseId id, long throughputBps, Overage overage) {
        var before = sold.get(id);
        var granted = before.entitlements();
        sold.put(
                id,
                new Sold(
                        before.tenant(),
                        new Entitlements(
                                granted.instances(), throughputBps, granted.virtualServices(), granted.features()),
                        before.state(),
                        new Overages(Map.of(Metric.THROUGHPUT_BPS, overage))));
    }

    public synchronized void enter(SubLicenseId id, SubLicenseState state) {
        var before = sold.get(id);
        sold.put(id, new Sold(before.tenant(), before.entitlements(), state, before.overages()));
    }

    private Sold known(SubLicenseId id) {
        var known = sold.get(id);
        if (known == null || !CurrentTenant.find().equals(Optional.of(known.tenant()))) {
            throw new LicenseException.UnknownSubLicense();
        }
        return known;
    }

    @Override
    public synchronized Optional<SubLicenseSummary> find(SubLicenseId id) {
        return Optional.ofNullable(sold.get(id)).map(of -> summary(id, of));
    }

    @Override
    public synchronized Optional<SubLicenseSummary> firstInForce() {
        return sold.entrySet().stream()
                .filter(of ->
                        CurrentTenant.find().equals(Optional.of(of.getValue().tenant()))
                                && of.getValue().state().isInForce())
                .findFirst()
                .map(of -> summary(of.getKey(), of.getValue()));
    }

    private static SubLicenseSummary summary(SubLicenseId id, Sold of) {
        return new SubLicenseSummary(
                id,
                new LicenseId(UUID.randomUUID()),
                "CLUSTER",
                Instant.EPOCH,
                Instant.MAX,
                30,
                of.entitlements(),
                of.state(),
                Instant.EPOCH,
                null,
                1,
                1,
                null,
                of.overages());
    }

    @Override
    public synchronized SubLicenseSummary requireInForce(SubLicenseId id) {
        var of = known(id);
        if (!of.state().isInForce()) {
            throw new LicenseException.NotInForce(of.state());
        }
        return summary(id, of);
    }

    @Override
    public synchronized long virtualServiceLimit(SubLicenseId id) {
        var of = known(id);
        if (!of.state().allowsPublishing()) {
            throw new LicenseException.NotInForce(of.state());
        }
        return of.entitlements().virtualServices();
    }

    @Override
    public synchronized void tell(SubLicenseId id, Metric metric, long used) {
        known(id);
        told.computeIfAbsent(id, unknown -> new HashMap<>()).put(metric, used);
    }

    /** As it was told last. */
    public synchronized Optional<Long> told(SubLicenseId id, Metric metric) {
        return Optional.ofNullable(told.getOrDefault(id, Map.of()).get(metric));
    }

    /** Virtual services in use, as far as it was told. */
    public synchronized long virtualServicesTold(SubLicenseId id) {
        return told(id, Metric.VIRTUAL_SERVICES).orElse(0L);
    }

    @Override
    public synchronized SeatLease lease(SubLicenseId id, UUID instance) {
        var of = known(id);
        boolean renewal = leases.get(instance) != null;
        if (!(of.state().isInForce() || renewal && of.state().keepsSeats())) {
            throw new LicenseException.NotInForce(of.state());
        }
        if (leases.get(instance) == null) {
            if (leases.values().stream().filter(id::equals).count()
                    >= of.entitlements().instances()) {
                throw new LicenseException.NoSeatLeft(of.entitlements().instances());
            }
            leases.put(instance, id);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    if (status != STATUS_COMMITTED) {
                        var unused = release(instance);
                    }
                }
            });
        }
        return new SeatLease(Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS), false, null);
    }

    /** Of the instance that holds the seat; it keeps it until it has drained. */
    public synchronized void takeAway(UUID instance) {
        takenAway.add(instance);
    }

    @Override
    public synchronized boolean giveUp(UUID instance) {
        return takenAway.remove(instance) && leases.remove(instance) != null;
    }

    @Override
    public synchronized void requireChangeable(SubLicenseId id) {
        var of = known(id);
        if (!of.state().allowsPublishing()) {
            throw new LicenseException.NotInForce(of.state());
        }
    }

    @Override
    public SeatLease leaseOffline(SubLicenseId id, UUID instance, int days) {
        throw new UnsupportedOperationException("these tests sign no leases");
    }

    @Override
    public void takeBack(LeaseReceipt receipt) {
        throw new UnsupportedOperationException("these tests sign no leases");
    }

    @Override
    public LeaseTrust trust() {
        return LeaseTrust.NONE;
    }

    @Override
    public void hold(UUID instance) {}

    @Override
    public void hold(SubLicenseId subLicense, UUID instance) {}

    @Override
    public synchronized Optional<Instant> release(UUID instance) {
        leases.remove(instance);
        return Optional.empty();
    }

    public synchronized long seatsTaken(SubLicenseId id) {
        return leases.values().stream().filter(id::equals).count();
    }
}
