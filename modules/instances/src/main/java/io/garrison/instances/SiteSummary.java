package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An installation of a customer's own.
 *
 * @param installationId as it calls itself
 * @param keySha256 digest of the key by which it is known
 * @param lastSeen its last report; absent before the first
 * @param lastUsage when usage of it was last taken, over the network or as a file
 * @param serial of the sub-licence's file that it last named
 * @param report its last
 */
public record SiteSummary(
        UUID id,
        TenantId tenantId,
        SubLicenseId subLicenseId,
        UUID installationId,
        String keySha256,
        String mode,
        String version,
        SiteState state,
        Instant boundAt,
        @Nullable Instant unboundAt,
        @Nullable Instant lastSeen,
        @Nullable Instant lastUsage,
        long serial,
        @Nullable SiteReport report) {}
