package io.garrison.licensing.web;

import io.garrison.licensing.LeaseRule;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.tenancy.TenantId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the operations on sub-licences take. */
final class OperationRequests {

    private static final String PRINTABLE = "[^\\p{Cc}\\p{Cf}\\p{Cs}]*";
    private static final int MAX_REASON = 500;
    private static final int DEFAULT_GRACE_HOURS = 24;

    private OperationRequests() {}

    /**
     * @param entitlements all that it grants afterwards; what is not named is not granted
     * @param ifLeasesBreak REFUSE unless given
     * @param graceHours for DRAIN and GRACE, 24 unless given
     */
    record Resize(
            @NotEmpty @Size(max = 8) List<AskedEntitlements.@Nullable Line> entitlements,
            @Nullable IfLeasesBreak ifLeasesBreak,

            @Nullable @Min(0) @Max(LeaseRule.MAX_GRACE_HOURS)
            Integer graceHours,

            @Nullable @Size(max = MAX_REASON) @Pattern(regexp = PRINTABLE)
            String reason) {

        LeaseRule rule() {
            return OperationRequests.rule(ifLeasesBreak, graceHours);
        }
    }

    record Preview(@NotEmpty @Size(max = 8) List<AskedEntitlements.@Nullable Line> entitlements) {}

    /** @param graceDays as it is unless given */
    record Renew(
            @NotNull Instant validUntil,
            @Nullable @Min(0) @Max(365) Integer graceDays,

            @Nullable @Size(max = MAX_REASON) @Pattern(regexp = PRINTABLE)
            String reason) {

        Instant until() {
            return validUntil.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    record Reason(
            @Nullable @Size(max = MAX_REASON) @Pattern(regexp = PRINTABLE)
            String reason) {

        static @Nullable String of(@Nullable Reason asked) {
            return asked == null ? null : asked.reason();
        }
    }

    /**
     * @param ifLeasesBreak without it seats run out as they would, and the share goes back to the pool at once
     * @param graceHours for DRAIN and GRACE, 24 unless given
     */
    record Revoke(
            @Nullable IfLeasesBreak ifLeasesBreak,

            @Nullable @Min(0) @Max(LeaseRule.MAX_GRACE_HOURS)
            Integer graceHours,

            @Nullable @Size(max = MAX_REASON) @Pattern(regexp = PRINTABLE)
            String reason) {

        static final Revoke PLAIN = new Revoke(null, null, null);

        LeaseRule rule() {
            return ifLeasesBreak == null
                    ? new LeaseRule(IfLeasesBreak.GRACE, 0)
                    : OperationRequests.rule(ifLeasesBreak, graceHours);
        }
    }

    /**
     * @param entitlements what moves
     * @param effectiveAt now unless given
     */
    record Transfer(
            @NotNull UUID toTenantId,
            @NotNull UUID toSubLicenseId,
            @NotEmpty @Size(max = 8) List<@Nullable Amount> entitlements,
            @Nullable Instant effectiveAt,
            @Nullable IfLeasesBreak ifLeasesBreak,

            @Nullable @Min(0) @Max(LeaseRule.MAX_GRACE_HOURS)
            Integer graceHours,

            @Nullable @Size(max = MAX_REASON) @Pattern(regexp = PRINTABLE)
            String reason) {

        Order order() {
            var lines = new ArrayList<AskedEntitlements.@Nullable Line>();
            for (var amount : entitlements) {
                lines.add(
                        amount == null
                                ? null
                                : new AskedEntitlements.Line(amount.metric(), amount.amount(), null, null));
            }
            return new Order(
                    new TenantId(toTenantId),
                    new SubLicenseId(toSubLicenseId),
                    AskedEntitlements.of(lines).entitlements(),
                    rule(ifLeasesBreak, graceHours),
                    effectiveAt == null ? null : effectiveAt.truncatedTo(ChronoUnit.MICROS),
                    reason);
        }
    }

    /** @param amount a whole number from 1 */
    record Amount(@Nullable String metric, @Nullable Object amount) {}

    private static LeaseRule rule(@Nullable IfLeasesBreak how, @Nullable Integer graceHours) {
        return how == null || how == IfLeasesBreak.REFUSE
                ? LeaseRule.REFUSE
                : new LeaseRule(how, graceHours == null ? DEFAULT_GRACE_HOURS : graceHours);
    }
}
