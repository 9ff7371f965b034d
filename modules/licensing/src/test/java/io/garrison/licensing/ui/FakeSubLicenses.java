package io.garrison.licensing.ui;

import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LeaseRule;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseNotice;
import io.garrison.licensing.LicenseNotices;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.OverageInterval;
import io.garrison.licensing.Overages;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseChange;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseOperations;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.licensing.SubLicenseTransfers;
import io.garrison.licensing.Transfer;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant's sub-licences in memory. Writes down what it is asked to do, and refuses what it is told to refuse. */
final class FakeSubLicenses
        implements SubLicenseAdministration,
                SubLicenseOperations,
                SubLicenseTransfers,
                ConsumptionView,
                LicenseNotices {

    static final Entitlements GRANTED = new Entitlements(10, 1_000_000_000, 50, Set.of("waf"));

    final List<SubLicenseSummary> all = new ArrayList<>();
    final List<SubLicenseChange> changes = new ArrayList<>();
    final List<Transfer> moved = new ArrayList<>();
    final List<LicenseNotice> told = new ArrayList<>();
    final List<Object> asked = new ArrayList<>();
    boolean issuedHere = true;
    long running;
    List<UUID> breaking = List.of();
    Map<UUID, String> names = Map.of();
    List<LicenseException> refusals = List.of();

    @Nullable
    LicenseException refuse;

    SubLicenseTools tools() {
        return new SubLicenseTools(this, this, this, this, this);
    }

    SubLicenseSummary add(LicenseId license, SubLicenseState state) {
        var now = FakeHouse.NOW;
        var one = new SubLicenseSummary(
                new SubLicenseId(UUID.randomUUID()),
                license,
                "CLUSTER",
                now.minus(Duration.ofDays(10)),
                now.plus(Duration.ofDays(355)),
                14,
                GRANTED,
                state,
                now.minus(Duration.ofDays(10)),
                state == SubLicenseState.REVOKED ? now : null,
                3,
                3,
                state == SubLicenseState.SUSPENDED ? now : null,
                Overages.NONE);
        all.add(one);
        return one;
    }

    private void note(Object what) {
        if (refuse != null) {
            throw refuse;
        }
        asked.add(what);
    }

    @Override
    public SubLicenseSummary allocate(Allocation allocation) {
        note(allocation);
        return add(allocation.licenseId(), SubLicenseState.ACTIVE);
    }

    @Override
    public List<SubLicenseSummary> list(@Nullable SubLicenseId after, int limit) {
        var from = after == null
                ? 0
                : 1 + all.stream().map(SubLicenseSummary::id).toList().indexOf(after);
        return all.stream().skip(from).limit(limit).toList();
    }

    @Override
    public SubLicenseSummary get(SubLicenseId id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow(UnknownSubLicense::new);
    }

    @Override
    public String file(SubLicenseId id) {
        return "signed";
    }

    @Override
    public SubLicenseSummary revoke(SubLicenseId id) {
        throw new UnsupportedOperationException("the console says what becomes of leases");
    }

    record Resized(Terms terms, LeaseRule rule, @Nullable String reason) {}

    @Override
    public SubLicenseSummary resize(SubLicenseId id, Terms terms, LeaseRule rule, @Nullable String reason) {
        note(new Resized(terms, rule, reason));
        return get(id);
    }

    @Override
    public Preview preview(SubLicenseId id, Terms terms) {
        return new Preview(FakeHouse.pool(85), refusals, running, breaking, names);
    }

    record Renewed(
            Instant until,
            @Nullable Integer graceDays,
            @Nullable String reason) {}

    @Override
    public SubLicenseSummary renew(
            SubLicenseId id, Instant validUntil, @Nullable Integer graceDays, @Nullable String reason) {
        note(new Renewed(validUntil, graceDays, reason));
        return get(id);
    }

    record Did(String what, @Nullable String reason) {}

    @Override
    public SubLicenseSummary suspend(SubLicenseId id, @Nullable String reason) {
        note(new Did("suspend", reason));
        return get(id);
    }

    @Override
    public SubLicenseSummary resume(SubLicenseId id, @Nullable String reason) {
        note(new Did("resume", reason));
        return get(id);
    }

    record Revoked(LeaseRule rule, @Nullable String reason) {}

    @Override
    public SubLicenseSummary revoke(SubLicenseId id, LeaseRule rule, @Nullable String reason) {
        note(new Revoked(rule, reason));
        return get(id);
    }

    @Override
    public boolean issuedHere(SubLicenseId id) {
        return issuedHere;
    }

    @Override
    public List<SubLicenseChange> history(SubLicenseId id, @Nullable Long before, int limit) {
        return changes.stream()
                .filter(change -> before == null || change.serial() < before)
                .limit(limit)
                .toList();
    }

    @Override
    public Transfer request(SubLicenseId from, Order order) {
        note(order);
        var state = order.effectiveAt() == null ? Transfer.State.DONE : Transfer.State.SCHEDULED;
        var at = order.effectiveAt() == null ? FakeHouse.NOW : order.effectiveAt();
        return transfer(from, order.toTenant(), at, state);
    }

    Transfer transfer(SubLicenseId from, TenantId to, Instant at, Transfer.State state) {
        var one = new Transfer(
                UUID.randomUUID(),
                new TenantId(UUID.randomUUID()),
                from,
                to,
                new SubLicenseId(UUID.randomUUID()),
                new Entitlements(2, 0, 0, Set.of()),
                LeaseRule.REFUSE,
                at,
                state,
                FakeHouse.NOW,
                "nina@mssp.example",
                "They grow",
                null,
                null,
                null);
        moved.add(one);
        return one;
    }

    @Override
    public List<Transfer> list(SubLicenseId from, @Nullable UUID after, int limit) {
        return List.copyOf(moved);
    }

    @Override
    public Transfer get(SubLicenseId from, UUID id) {
        return moved.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    @Override
    public Transfer cancel(SubLicenseId from, UUID id) {
        note(id);
        return get(from, id);
    }

    @Override
    public List<Line> of(SubLicenseId id) {
        return List.of(
                new Line(Metric.INSTANCES, 10, Overage.upTo(12), 11L, 1, State.OVER),
                new Line(Metric.THROUGHPUT_BPS, 1_000_000_000, Overage.DENY, 250_000_000L, 0, State.WITHIN),
                new Line(Metric.VIRTUAL_SERVICES, 50, Overage.DENY, null, 0, State.UNKNOWN));
    }

    @Override
    public List<OverageInterval> overage(SubLicenseId id, @Nullable UUID after, int limit) {
        return List.of();
    }

    @Override
    public List<LicenseNotice> ofTenant(@Nullable UUID after, int limit) {
        return List.copyOf(told);
    }

    @Override
    public LicenseNotice acknowledge(UUID id) {
        note(id);
        return told.getFirst();
    }

    @Override
    public List<LicenseNotice> all(@Nullable UUID after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LicenseNotice acknowledgeForProvider(UUID id) {
        throw new UnsupportedOperationException();
    }
}
