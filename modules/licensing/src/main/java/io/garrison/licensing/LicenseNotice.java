package io.garrison.licensing;

import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something about a licence, a seat or the clock that somebody should hear of. Told once per occasion.
 *
 * @param tenantId whose; absent if it is the installation's own
 * @param serial of the sub-licence's file that it is about
 * @param instanceId of a seat that was lost
 * @param at when it was noticed
 * @param message what happened and what to do
 * @param acknowledgedAt when the reader's side acknowledged it: the tenant and the provider each do for themselves
 */
public record LicenseNotice(
        UUID id,
        @Nullable TenantId tenantId,
        @Nullable SubLicenseId subLicense,
        @Nullable Long serial,
        Kind kind,
        @Nullable UUID instanceId,
        Instant at,
        String message,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy) {

    public enum Kind {
        EXPIRES_IN_30_DAYS,
        EXPIRES_IN_14_DAYS,
        EXPIRES_IN_7_DAYS,
        EXPIRES_IN_1_DAY,
        ENTERED_GRACE,
        ENTERED_RESTRICTED,
        ENTERED_FROZEN,
        SUSPENDED,
        REVOKED,
        /** An instance's lease ran out, or was refused, and its seat is free for another. */
        SEAT_LOST,
        /** The installation's clock went back. */
        CLOCK_BEHIND,
        /** The installation's clock jumped far ahead, which is not believed yet. */
        CLOCK_AHEAD
    }
}
