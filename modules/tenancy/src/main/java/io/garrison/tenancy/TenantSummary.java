package io.garrison.tenancy;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A customer organisation.
 *
 * @param slug short name in addresses and file names; unique, a-z 0-9 and -
 * @param timeZone IANA zone by which its days and months are cut
 * @param version grows with each change
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
        long version)
        implements Serializable {}
