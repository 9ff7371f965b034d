package io.garrison.tenancy;

import java.time.Instant;
import java.util.UUID;

/** What is left of deleted tenants. */
public interface TenantDeletions {

    /** @throws TenancyException.NotFound if there is no such certificate */
    Certificate certificate(UUID id);

    /**
     * @param erased number of records by the part that kept them, as a JSON object in canonical form
     * @param auditEntries length of the tenant's audit trail, which stays
     * @param auditHash last link of that trail, hexadecimal
     * @param intact whether it is as it was issued
     */
    record Certificate(
            UUID id,
            UUID tenantId,
            String slug,
            String erased,
            long auditEntries,
            String auditHash,
            Instant issuedAt,
            boolean intact) {}
}
