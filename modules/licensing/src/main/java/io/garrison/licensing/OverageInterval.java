package io.garrison.licensing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a sub-licence was used beyond a limit by the same amount.
 *
 * @param to first instant at which that was over; null if it still is so
 * @param amount what was used beyond the limit, at least 1
 */
public record OverageInterval(
        UUID id,
        SubLicenseId subLicense,
        Metric metric,
        Instant from,
        @Nullable Instant to,
        long amount,
        long limit,
        Overage.Policy policy) {}
