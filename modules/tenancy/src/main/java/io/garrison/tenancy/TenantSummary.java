package io.garrison.tenancy;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A customer organisation.
 *
 * @param slug short name in addresses and file names; unique, a-z 0-9 and -
 * @param timeZone IANA zone by which its days and months are cut
 * @param version grows with each change
 * @param resellerId to whom it belongs; null for the provider's own
 */
public record TenantSummary(
        TenantId id,
        String slug,
        String name,
        DeploymentMode mode,
        String contactEmail,
        ZoneId timeZone,
        TenantState state,
        Instant createdAt,
        long version,
        @Nullable ResellerId resellerId)
        implements Serializable {

    /** One of the provider's own. */
    public TenantSummary(
            TenantId id,
            String slug,
            String name,
            DeploymentMode mode,
            String contactEmail,
            ZoneId timeZone,
            TenantState state,
            Instant createdAt,
            long version) {
        this(id, slug, name, mode, contactEmail, timeZone, state, createdAt, version, null);
    }
}
