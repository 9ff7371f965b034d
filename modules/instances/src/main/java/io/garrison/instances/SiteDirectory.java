package io.garrison.instances;

import io.garrison.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The installations of customers' own that are bound to sub-licences of this one. */
public interface SiteDirectory {

    /**
     * Those of the bound tenant, the oldest first.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<SiteSummary> ofTenant(@Nullable SiteState state, @Nullable UUID after, int limit);

    /** Those of all tenants, or of one, the oldest first. With no tenant bound. */
    List<SiteSummary> all(@Nullable TenantId tenant, @Nullable SiteState state, @Nullable UUID after, int limit);

    /**
     * Takes a site's place for another. Its certificate and its key are worth nothing from then on; what it has told
     * stays. To unbind it twice does no harm.
     *
     * @return as it is now
     * @throws InstanceException.NotFound if the bound tenant has no such site
     */
    SiteSummary unbind(UUID site);
}
