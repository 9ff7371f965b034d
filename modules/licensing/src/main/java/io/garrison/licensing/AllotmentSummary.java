package io.garrison.licensing;

import io.garrison.tenancy.ResellerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of a licence that a reseller has.
 *
 * @param entitlements its limits, and the features that it may give on
 * @param overcommit how many times over it is given on
 * @param releasedAt since when it has gone back, if it has
 */
public record AllotmentSummary(
        AllotmentId id,
        ResellerId reseller,
        LicenseId licenseId,
        Entitlements entitlements,
        Overcommit overcommit,
        Instant createdAt,
        long version,
        @Nullable Instant releasedAt) {

    AllotmentSummary resized(Entitlements entitlements, Overcommit overcommit) {
        return new AllotmentSummary(
                id, reseller, licenseId, entitlements, overcommit, createdAt, version + 1, releasedAt);
    }
}
