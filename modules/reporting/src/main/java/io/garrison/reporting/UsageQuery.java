package io.garrison.reporting;

import io.garrison.licensing.SubLicenseId;
import io.garrison.reporting.ReportingException.BadRange;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which hours of whom. Every hour that has an instant in common with {@code [from, to)} is answered as a whole.
 *
 * @param tenant only for the provider; the bound tenant is never widened by it
 */
public record UsageQuery(
        Instant from,
        Instant to,
        @Nullable TenantId tenant,
        @Nullable SubLicenseId subLicense) {

    public static final Duration LONGEST = Duration.ofDays(400);

    /** @throws BadRange if the range is empty, longer than {@link #LONGEST}, or outside of 2000 to 2200 */
    public UsageQuery {
        if (!from.isBefore(to)) {
            throw new BadRange("from must be before to.");
        }
        if (from.isBefore(Instant.parse("2000-01-01T00:00:00Z")) || to.isAfter(Instant.parse("2200-01-01T00:00:00Z"))) {
            throw new BadRange("from and to must lie between 2000 and 2200.");
        }
        if (Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new BadRange("At most %d days are answered at once.".formatted(LONGEST.toDays()));
        }
    }

    public UsageQuery(Instant from, Instant to) {
        this(from, to, null, null);
    }

    public Instant firstHour() {
        return from.truncatedTo(ChronoUnit.HOURS);
    }

    /** End of the last hour, exclusive. */
    public Instant endOfLastHour() {
        var hour = to.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(to) ? hour : hour.plus(1, ChronoUnit.HOURS);
    }
}
