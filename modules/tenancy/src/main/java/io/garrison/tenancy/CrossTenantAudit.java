package io.garrison.tenancy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit trail for work of the provider that changes something of more than one tenant in one transaction. */
public interface CrossTenantAudit {

    /**
     * Records a change in the running transaction, in that tenant's own trail.
     *
     * @param details as in {@link AuditTrail#record}; the tenant reads them, so they name no other tenant
     * @throws IllegalStateException outside of the provider's scope, or if no transaction is running
     */
    void record(
            TenantId tenant,
            String action,
            String objectType,
            String objectId,
            Map<String, ? extends @Nullable Object> details);
}
