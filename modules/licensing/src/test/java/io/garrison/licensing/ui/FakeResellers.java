package io.garrison.licensing.ui;

import io.garrison.licensing.AllotmentAdministration;
import io.garrison.licensing.AllotmentId;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicensePool;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.http.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Resellers and their parts of licences in memory. */
final class FakeResellers implements ResellerManagement, AllotmentAdministration {

    final List<ResellerSummary> all = new ArrayList<>();
    final List<AllotmentSummary> parts = new ArrayList<>();
    /** Instances that are left of every part. */
    long free = 3;

    @Nullable
    LicenseException refuse;

    ResellerSummary add(String name, String slug) {
        return create(new NewReseller(name, slug, "it@" + slug + ".example"));
    }

    @Override
    public ResellerSummary create(NewReseller reseller) {
        var one = new ResellerSummary(
                new ResellerId(UUID.randomUUID()),
                String.valueOf(reseller.slug()),
                String.valueOf(reseller.name()),
                String.valueOf(reseller.contactEmail()),
                ResellerState.ACTIVE,
                FakeHouse.NOW,
                1);
        all.add(one);
        return one;
    }

    @Override
    public Page<ResellerSummary> list(@Nullable String after, int limit) {
        return new Page<>(List.copyOf(all), null);
    }

    @Override
    public ResellerSummary get(ResellerId id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    @Override
    public ResellerSummary change(ResellerId id, Change change, long seen) {
        var was = get(id);
        var now = new ResellerSummary(
                id,
                was.slug(),
                was.name(),
                was.contactEmail(),
                change.state() == null ? was.state() : change.state(),
                was.createdAt(),
                was.version() + 1);
        all.set(all.indexOf(was), now);
        return now;
    }

    @Override
    public void delete(ResellerId id, long seen) {
        all.remove(get(id));
    }

    @Override
    public AllotmentSummary allot(ResellerId reseller, LicenseId license, Portion portion) {
        if (refuse != null) {
            throw refuse;
        }
        var made = new AllotmentSummary(
                new AllotmentId(UUID.randomUUID()),
                reseller,
                license,
                portion.entitlements(),
                portion.overcommit(),
                FakeHouse.NOW,
                1,
                null);
        parts.add(made);
        return made;
    }

    @Override
    public List<AllotmentSummary> list(ResellerId reseller, @Nullable AllotmentId after, int limit) {
        return parts.stream().filter(part -> part.reseller().equals(reseller)).toList();
    }

    @Override
    public AllotmentSummary get(ResellerId reseller, AllotmentId id) {
        return parts.stream().filter(part -> part.id().equals(id)).findFirst().orElseThrow();
    }

    @Override
    public LicensePool pool(ResellerId reseller, AllotmentId id) {
        return FakeHouse.pool(free);
    }

    @Override
    public AllotmentSummary resize(ResellerId reseller, AllotmentId id, Portion portion, long seen) {
        var was = get(reseller, id);
        var now = new AllotmentSummary(
                id,
                reseller,
                was.licenseId(),
                portion.entitlements(),
                portion.overcommit(),
                was.createdAt(),
                was.version() + 1,
                null);
        parts.set(parts.indexOf(was), now);
        return now;
    }

    @Override
    public void release(ResellerId reseller, AllotmentId id, long seen) {
        if (refuse != null) {
            throw refuse;
        }
        parts.remove(get(reseller, id));
    }
}
