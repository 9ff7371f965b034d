package io.garrison.reporting.federation;

import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteIdentity;
import io.garrison.instances.StackId;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.federation.SiteBatches.Origin;
import io.garrison.tenancy.CurrentTenant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Whose instance it is: the site's that named it first, until that is unbound, and never a site's if it is ours. */
@Component
class InstanceOwners {

    private final SiteBatches batches;
    private final SiteLedger ledger;
    private final SiteAdmission sites;
    private final InstanceDirectory instances;

    InstanceOwners(SiteBatches batches, SiteLedger ledger, SiteAdmission sites, InstanceDirectory instances) {
        this.batches = batches;
        this.ledger = ledger;
        this.sites = sites;
        this.instances = instances;
    }

    /** Those of the batch's instances that this installation manages itself. With no tenant bound. */
    Set<UUID> ours(SiteIdentity site, List<Stream> streams) {
        return CurrentTenant.callAs(site.tenantId(), () -> {
            var ours = new HashSet<UUID>();
            for (var stream : streams) {
                if (instances.instance(new InstanceId(stream.instanceId())).isPresent()
                        || instances.stack(new StackId(stream.stackId())).isPresent()) {
                    ours.add(stream.instanceId());
                }
            }
            return ours;
        });
    }

    /** Which other sites of the sub-licence's tenant have been unbound. With no tenant bound. */
    Set<UUID> unbound(SiteIdentity site) {
        return sites.unbound(site.tenantId());
    }

    /**
     * In the provider's scope and in a transaction.
     *
     * @param ours from {@link #ours}
     * @param unbound from {@link #unbound}
     * @throws UsageRefused if it is another's
     */
    void claim(SiteIdentity site, Stream stream, String field, Set<UUID> ours, Set<UUID> unbound) {
        var instance = stream.instanceId();
        var origin = batches.origin(site.tenantId(), instance).orElse(null);
        if (origin == null) {
            if (ours.contains(instance) || ledger.knows(site.tenantId(), instance)) {
                throw UsageRefused.row("foreign", field, "the instance is not this site's");
            }
        } else if (!origin.stack().equals(stream.stackId())) {
            throw UsageRefused.row("row-conflict", field, "the instance was in another stack");
        } else if (origin.site().equals(site.siteId())) {
            return;
        } else if (!unbound.contains(origin.site())) {
            throw UsageRefused.row("foreign", field, "the instance is another site's");
        }
        batches.bind(site.tenantId(), instance, new Origin(site.siteId(), stream.stackId()));
    }
}
