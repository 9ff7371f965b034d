package io.garrison.tenancy;

import java.time.Instant;

/**
 * A provider below the provider, to whom a part of its tenants belongs.
 *
 * @param slug short name, unique among resellers; a-z 0-9 and -
 * @param version grows with each change
 */
public record ResellerSummary(
        ResellerId id,
        String slug,
        String name,
        String contactEmail,
        ResellerState state,
        Instant createdAt,
        long version) {}
