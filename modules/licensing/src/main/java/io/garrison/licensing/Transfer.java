package io.garrison.licensing;

import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Entitlements on their way from one sub-licence of a licence to another.
 *
 * @param amounts what moves; counts only
 * @param effectiveAt when it is done; a moment later at most, never before
 * @param endedAt when it was done, failed or was cancelled
 * @param code why it failed, stable
 * @param message why it failed, for people
 */
public record Transfer(
        UUID id,
        TenantId tenant,
        SubLicenseId from,
        TenantId toTenant,
        SubLicenseId to,
        Entitlements amounts,
        LeaseRule rule,
        Instant effectiveAt,
        State state,
        Instant requestedAt,
        String requestedBy,
        @Nullable String reason,
        @Nullable Instant endedAt,
        @Nullable String code,
        @Nullable String message) {

    public enum State {
        SCHEDULED,
        DONE,
        FAILED,
        CANCELLED
    }
}
