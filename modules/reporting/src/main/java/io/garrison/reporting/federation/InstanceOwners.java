package io.garrison.reporting.federation;

import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteIdentity;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.federation.SiteBatches.Origin;
import io.garrison.tenancy.TenantId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Whose instance it is: the site's that named it first, as long as that is bound, and never a site's if it is ours. */
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

    /**
     * In the provider's scope and in a transaction, in which no other site of the tenant claims.
     *
     * @throws UsageRefused if one of the instances is another's
     */
    void claim(SiteIdentity site, List<Stream> streams) {
        var stacks = new LinkedHashMap<UUID, UUID>();
        streams.forEach(stream -> stacks.put(stream.instanceId(), stream.stackId()));
        var origins = batches.origins(site.tenantId(), stacks.keySet());
        var fresh = new HashSet<>(stacks.keySet());
        fresh.removeAll(origins.keySet());
        var taken = ours(site.tenantId(), fresh);
        var others = origins.values().stream()
                .map(Origin::site)
                .filter(other -> !other.equals(site.siteId()))
                .collect(Collectors.toSet());
        if (!others.isEmpty()) {
            others.retainAll(sites.bound(site.tenantId()));
        }
        for (int i = 0; i < streams.size(); i++) {
            var stream = streams.get(i);
            var field = "/streams/" + i;
            var origin = origins.get(stream.instanceId());
            if (taken.contains(stream.instanceId())) {
                throw UsageRefused.row("foreign", field, "the instance is not this site's");
            }
            if (origin != null && !origin.stack().equals(stream.stackId())) {
                throw UsageRefused.row("row-conflict", field, "the instance was in another stack");
            }
            if (origin != null && others.contains(origin.site())) {
                throw UsageRefused.row("foreign", field, "the instance is another site's");
            }
            if (origin != null && origin.site().equals(site.siteId())) {
                stacks.remove(stream.instanceId());
            }
        }
        if (!stacks.isEmpty()) {
            batches.bind(site, stacks);
        }
    }

    /** A stack tells nothing: it keeps its id when its configuration moves to an installation of the customer's own. */
    private Set<UUID> ours(TenantId tenant, Set<UUID> fresh) {
        if (fresh.isEmpty()) {
            return Set.of();
        }
        var ours = new HashSet<>(ledger.known(tenant, fresh));
        instances.known(tenant, fresh.stream().map(InstanceId::new).toList()).forEach(id -> ours.add(id.value()));
        return ours;
    }
}
