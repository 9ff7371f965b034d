package io.garrison.licensing.ui;

import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.http.Page;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tenants that come to resellers and go from them; nothing else is done with them here. */
final class FakePlacements implements TenantManagement {

    private final List<TenantSummary> tenants;
    /** As whose scope is entered. */
    @Nullable
    TenantId bound;

    @Nullable
    Refusal refuse;

    FakePlacements(List<TenantSummary> tenants) {
        this.tenants = tenants;
    }

    @Override
    public TenantSummary get() {
        return tenants.stream()
                .filter(one -> one.id().equals(bound))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public TenantSummary place(@Nullable ResellerId reseller, long seen) {
        if (refuse != null) {
            throw refuse;
        }
        var was = get();
        var now = new TenantSummary(
                was.id(),
                was.slug(),
                was.name(),
                was.mode(),
                was.contactEmail(),
                was.timeZone(),
                was.state(),
                was.createdAt(),
                was.version() + 1,
                reseller);
        tenants.set(tenants.indexOf(was), now);
        return now;
    }

    @Override
    public TenantSummary create(NewTenant tenant) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<TenantSummary> list(@Nullable String after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TenantSummary change(Change change, long seen) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TenantSummary suspend() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TenantSummary resume() {
        throw new UnsupportedOperationException();
    }

    @Override
    public UUID delete(long seen) {
        throw new UnsupportedOperationException();
    }
}
