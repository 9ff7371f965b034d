package io.garrison.licensing.ui;

import io.garrison.licensing.AllotmentAdministration;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicenseHoldings;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseOvercommit;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.PlanManagement;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.TenantScopes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What the provider's screens about licences are made with. */
@Component
record ProviderTools(
        LicenseAdministration licenses,
        LicenseHoldings holdings,
        PlanManagement plans,
        LicenseOvercommit overcommit,
        AllotmentAdministration allotments,
        ResellerManagement resellers,
        TenantManagement tenants,
        Workspace workspace,
        TenantScopes scopes,
        Clock clock) {

    private static final int PAGE = 500;

    /** The pool from which a sub-licence for that tenant would be cut; none if its reseller has nothing of the licence. */
    Optional<LicensePool> poolFor(TenantSummary tenant, LicenseId license) {
        var reseller = tenant.resellerId();
        return reseller == null
                ? Optional.of(licenses.pool(license))
                : holdings.allotments(license).stream()
                        .filter(allotment -> allotment.reseller().equals(reseller))
                        .findFirst()
                        .map(allotment -> allotments.pool(reseller, allotment.id()));
    }

    /** Those that there are, by slug. */
    List<ResellerSummary> allResellers() {
        List<ResellerSummary> all = new ArrayList<>();
        String after = null;
        do {
            var page = resellers.list(after, PAGE);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }
}
