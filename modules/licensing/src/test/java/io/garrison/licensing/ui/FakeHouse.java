package io.garrison.licensing.ui;

import io.garrison.licensing.AllotmentId;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseHoldings;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseOvercommit;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overcommit;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A provider's house with its licences and tenants, in memory, and somebody who looks at it. */
final class FakeHouse implements LicenseAdministration, LicenseHoldings, LicenseOvercommit, TenantScopes, Workspace {

    static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
    static final Entitlements GRANTED = new Entitlements(100, 10_000_000_000L, 500, Set.of("adc", "waf"));

    private final Role reader;
    final List<TenantSummary> tenants = new ArrayList<>();
    final List<LicenseSummary> licenses = new ArrayList<>();
    final Map<LicenseId, LicensePool> pools = new LinkedHashMap<>();
    final Map<TenantId, List<SubLicenseSummary>> held = new LinkedHashMap<>();
    /** How many sub-licences were asked for in all. */
    int fetched;

    final FakeResellers resellers = new FakeResellers();
    final FakePlacements placements = new FakePlacements(tenants);

    FakeHouse(Role reader) {
        this.reader = reader;
    }

    ProviderTools tools(FakePlans plans) {
        return new ProviderTools(
                this,
                this,
                plans,
                this,
                resellers,
                resellers,
                placements,
                this,
                this,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** @param free instances that are left of it */
    LicenseSummary license(String mssp, long free) {
        var id = new LicenseId(UUID.randomUUID());
        var one = new LicenseSummary(
                id,
                mssp,
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(700)),
                GRANTED,
                null,
                false,
                "key",
                NOW,
                Overcommit.NONE,
                1);
        licenses.add(one);
        pools.put(id, pool(free));
        return one;
    }

    static LicensePool pool(long free) {
        return new LicensePool(List.of(
                new Count(Metric.INSTANCES, 100, 100 - free, free),
                new Count(Metric.THROUGHPUT_BPS, 10_000_000_000L, 1_000_000_000L, 9_000_000_000L),
                new Count(Metric.VIRTUAL_SERVICES, 500, 50, 450),
                new LicensePool.Features(Set.of("adc", "waf"), Set.of())));
    }

    TenantSummary tenant(String name, String slug) {
        return tenant(name, slug, null);
    }

    TenantSummary tenant(String name, String slug, @Nullable ResellerId reseller) {
        var one = new TenantSummary(
                new TenantId(UUID.randomUUID()),
                slug,
                name,
                DeploymentMode.CLUSTER,
                "it@" + slug + ".example",
                ZoneId.of("UTC"),
                TenantState.ACTIVE,
                NOW,
                1,
                reseller);
        tenants.add(one);
        return one;
    }

    @Override
    public LicenseSummary load(String file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<LicenseSummary> list(@Nullable LicenseId after, int limit) {
        return licenses;
    }

    @Override
    public LicenseSummary get(LicenseId id) {
        return licenses.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow(UnknownLicense::new);
    }

    @Override
    public LicenseSummary set(LicenseId id, Overcommit overcommit, long seen) {
        var was = get(id);
        var now = new LicenseSummary(
                id,
                was.mssp(),
                was.validFrom(),
                was.validUntil(),
                was.entitlements(),
                was.deployment(),
                was.demo(),
                was.signingKeyId(),
                was.loadedAt(),
                overcommit,
                seen + 1);
        licenses.set(licenses.indexOf(was), now);
        return now;
    }

    @Override
    public LicensePool pool(LicenseId id) {
        return Optional.ofNullable(pools.get(id)).orElseThrow(UnknownLicense::new);
    }

    @Override
    public UUID deployment() {
        return new UUID(0, 7);
    }

    @Override
    public List<AllotmentSummary> allotments(LicenseId license) {
        return resellers.parts.stream()
                .filter(part -> part.licenseId().equals(license))
                .toList();
    }

    private @Nullable AllotmentId cut(TenantId tenant, LicenseId license) {
        var reseller = tenants.stream()
                .filter(one -> one.id().equals(tenant))
                .findFirst()
                .orElseThrow()
                .resellerId();
        return allotments(license).stream()
                .filter(part -> part.reseller().equals(reseller))
                .map(AllotmentSummary::id)
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<TenantHolding> tenants(LicenseId license, Filter filter) {
        return held.entrySet().stream()
                .map(entry -> new TenantHolding(
                        entry.getKey(),
                        cut(entry.getKey(), license),
                        entry.getValue().size(),
                        new Entitlements(entry.getValue().size(), 0, 0, Set.of()),
                        NOW.plus(Duration.ofDays(30)),
                        1))
                .toList();
    }

    @Override
    public List<SubLicenseSummary> subLicenses(Branch branch, Filter filter, Order order, int offset, int limit) {
        var page = held.getOrDefault(branch.tenant(), List.of()).stream()
                .skip(offset)
                .limit(limit)
                .toList();
        fetched += page.size();
        return page;
    }

    @Override
    public TenantScope of(String slug) {
        return find(slug)
                .map(one -> (TenantScope) new Scope(one, reader, placements))
                .orElseThrow();
    }

    @Override
    public boolean mayInProvider(Permission permission) {
        return reader.isProvider() && reader.permissions().contains(permission);
    }

    @Override
    public boolean isProvider() {
        return reader.isProvider();
    }

    @Override
    public List<TenantSummary> available() {
        return tenants;
    }

    @Override
    public Optional<TenantSummary> find(String slug) {
        return tenants.stream().filter(one -> one.slug().equals(slug)).findFirst();
    }

    @Override
    public Visit enter(TenantId tenantId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Visit home() {
        throw new UnsupportedOperationException();
    }

    private record Scope(TenantSummary summary, Role reader, FakePlacements placements) implements TenantScope {

        @Override
        public TenantId tenant() {
            return summary.id();
        }

        @Override
        public String name() {
            return summary.name();
        }

        @Override
        public String slug() {
            return summary.slug();
        }

        @Override
        public boolean visiting() {
            return reader.isProvider();
        }

        @Override
        public <R> R call(Supplier<R> work) {
            placements.bound = summary.id();
            return work.get();
        }

        @Override
        public boolean may(Permission permission) {
            return reader.permissions().contains(permission);
        }
    }
}
