package io.garrison.licensing;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which rung a sub-licence stands on at a point in time. */
final class Ladder {

    static final Duration EXPIRING = Duration.ofDays(30);
    static final Duration RESTRICTED = Duration.ofDays(30);

    private Ladder() {}

    static SubLicenseState at(Instant now, Instant from, Instant until, int graceDays, @Nullable Instant revokedAt) {
        var graceEnds = graceEnds(until, graceDays);
        if (revokedAt != null) {
            return SubLicenseState.REVOKED;
        } else if (now.isBefore(from)) {
            return SubLicenseState.SCHEDULED;
        } else if (now.isBefore(until.minus(EXPIRING))) {
            return SubLicenseState.ACTIVE;
        } else if (now.isBefore(until)) {
            return SubLicenseState.EXPIRING;
        } else if (now.isBefore(graceEnds)) {
            return SubLicenseState.GRACE;
        } else if (now.isBefore(graceEnds.plus(RESTRICTED))) {
            return SubLicenseState.RESTRICTED;
        }
        return SubLicenseState.FROZEN;
    }

    /** Never more than time allows: where the ladder gives no seats, a suspension gives none either. */
    static SubLicenseState suspended(SubLicenseState state) {
        return switch (state) {
            case SCHEDULED, ACTIVE, EXPIRING, GRACE, SUSPENDED -> SubLicenseState.SUSPENDED;
            case RESTRICTED, FROZEN -> SubLicenseState.FROZEN;
            case REVOKED -> SubLicenseState.REVOKED;
        };
    }

    static Instant graceEnds(Instant until, int graceDays) {
        return until.plus(Duration.ofDays(graceDays));
    }
}
