package io.garrison.instances;

import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Enters the provider's scope before its transactions begin, so they are its own. */
@Service
class SiteDirectoryService implements SiteDirectory {

    private final Sites sites;
    private final AuditTrail audit;
    private final TransactionTemplate transaction;

    SiteDirectoryService(Sites sites, AuditTrail audit, PlatformTransactionManager transactions) {
        this.sites = sites;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<SiteSummary> ofTenant(@Nullable SiteState state, @Nullable UUID after, int limit) {
        CurrentTenant.require();
        return page(null, state, after, limit);
    }

    @Override
    @Requires(Permission.LICENSE_VIEW)
    public List<SiteSummary> all(
            @Nullable TenantId tenant, @Nullable SiteState state, @Nullable UUID after, int limit) {
        return ProviderScope.call(() -> page(tenant, state, after, limit));
    }

    private List<SiteSummary> page(
            @Nullable TenantId tenant, @Nullable SiteState state, @Nullable UUID after, int limit) {
        return Objects.requireNonNull(transaction.execute(status -> sites.page(tenant, state, after, limit)));
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public SiteSummary unbind(UUID site) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var known = sites.find(site).orElseThrow(InstanceException.NotFound::new);
            sites.oneAfterTheOther(known.subLicense());
            if (sites.unbind(site)) {
                audit.record(
                        "site.unbound",
                        "site",
                        site.toString(),
                        Map.of(
                                "subLicense", known.subLicense().toString(),
                                "installation", known.installation().toString()));
            }
            return sites.summary(site).orElseThrow(InstanceException.NotFound::new);
        }));
    }
}
