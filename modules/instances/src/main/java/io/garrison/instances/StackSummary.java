package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import java.time.Instant;

/**
 * A stack as it stands.
 *
 * @param latestRevision what its instances should run; 0 before the first publication
 * @param instances that are not retired
 * @param connected instances whose heartbeats arrive
 * @param retireLostAfterHours after how long a LOST instance is retired by itself; 0 for never
 * @param version for the entity tag
 */
public record StackSummary(
        StackId id,
        String name,
        SubLicenseId subLicenseId,
        TrafficMode trafficMode,
        long latestRevision,
        int instances,
        int connected,
        int retireLostAfterHours,
        Instant createdAt,
        long version) {}
