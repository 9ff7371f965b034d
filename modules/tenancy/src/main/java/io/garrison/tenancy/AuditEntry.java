package io.garrison.tenancy;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, when, from where, on which object.
 *
 * @param index position in the chain of its tenant, or of the provider; begins at 1 and has no gaps
 * @param tenantId none for the provider's own trail
 * @param details what changed, as a JSON object in canonical form
 */
public record AuditEntry(
        long index,
        @Nullable TenantId tenantId,
        Instant at,
        Actor actor,
        String action,
        String objectType,
        String objectId,
        String details) {

    public Optional<TenantId> tenant() {
        return Optional.ofNullable(tenantId);
    }
}
