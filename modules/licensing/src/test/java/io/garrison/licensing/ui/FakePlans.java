package io.garrison.licensing.ui;

import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.PlanId;
import io.garrison.licensing.PlanManagement;
import io.garrison.licensing.PlanSummary;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plans in memory. */
final class FakePlans implements PlanManagement {

    final List<PlanSummary> all = new ArrayList<>();
    final List<PlanId> allocated = new ArrayList<>();
    final FakeSubLicenses subLicenses;

    @Nullable
    LicenseException refuse;

    FakePlans(FakeSubLicenses subLicenses) {
        this.subLicenses = subLicenses;
    }

    @Override
    public PlanSummary create(PlanTerms terms) {
        if (refuse != null) {
            throw refuse;
        }
        var made = new PlanSummary(new PlanId(UUID.randomUUID()), terms, 1, FakeHouse.NOW, FakeHouse.NOW, null);
        all.add(made);
        return made;
    }

    @Override
    public List<PlanSummary> list(@Nullable PlanId after, int limit) {
        return List.copyOf(all);
    }

    @Override
    public PlanSummary get(PlanId id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    @Override
    public PlanSummary change(PlanId id, PlanTerms terms, long seen) {
        var next = new PlanSummary(id, terms, seen + 1, FakeHouse.NOW, FakeHouse.NOW, null);
        all.set(all.indexOf(get(id)), next);
        return next;
    }

    @Override
    public void retire(PlanId id, long seen) {
        all.remove(get(id));
    }

    @Override
    public SubLicenseSummary allocate(PlanId id, LicenseId license, Instant validFrom) {
        allocated.add(id);
        return subLicenses.add(license, io.garrison.licensing.SubLicenseState.ACTIVE);
    }

    @Override
    public List<Cut> cuts(PlanId id, @Nullable SubLicenseId after, int limit) {
        return List.of();
    }
}
