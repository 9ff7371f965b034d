package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.Refusal.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a sub-licence may be by its licence and by the allotment that it is cut from, apart from how much is left. */
final class AllocationRules {

    private AllocationRules() {}

    /**
     * @param allotment null if it is cut from the licence itself
     * @throws AllocationRefused with all that is wrong
     */
    static void requireWithin(
            LicenseSummary license, @Nullable AllotmentSummary allotment, Allocation asked, Instant now) {
        var errors = new ArrayList<FieldError>();
        validity(license, asked, now, errors);
        if (asked.graceDays() < 0 || asked.graceDays() > SubLicense.MAX_GRACE_DAYS) {
            errors.add(new FieldError(
                    "graceDays", "out-of-range", "must be from 0 to " + SubLicense.MAX_GRACE_DAYS, asked.graceDays()));
        }
        features("the licence", license.entitlements(), asked.entitlements(), errors);
        ceilings("the licence itself", "license.ceiling-exceeds-license", license.entitlements(), asked, errors);
        if (errors.isEmpty() && allotment != null) {
            features("the reseller's allotment", allotment.entitlements(), asked.entitlements(), errors);
            ceilings(
                    "the reseller's allotment",
                    "allotment.ceiling-exceeds-allotment",
                    allotment.entitlements(),
                    asked,
                    errors);
        }
        if (!errors.isEmpty()) {
            throw new AllocationRefused(errors);
        }
    }

    private static void validity(LicenseSummary license, Allocation asked, Instant now, List<FieldError> errors) {
        if (asked.validFrom().isBefore(license.validFrom())) {
            errors.add(
                    outside("validFrom", "must not be before the licence's " + license.validFrom(), asked.validFrom()));
        }
        if (asked.validUntil().isAfter(license.validUntil())) {
            errors.add(outside(
                    "validUntil", "must not be after the licence's " + license.validUntil(), asked.validUntil()));
        }
        if (!asked.validFrom().isBefore(asked.validUntil())) {
            errors.add(outside("validUntil", "must be after validFrom", asked.validUntil()));
        } else if (!asked.validUntil().isAfter(now)) {
            errors.add(outside("validUntil", "is over; now is " + now, asked.validUntil()));
        }
    }

    static void features(String whose, Entitlements has, Entitlements asked, List<FieldError> errors) {
        var missing = new TreeSet<>(asked.features());
        missing.removeAll(has.features());
        if (!missing.isEmpty()) {
            errors.add(new FieldError(
                    "entitlements",
                    "license.feature-not-granted",
                    whose + " does not grant " + String.join(", ", missing),
                    List.copyOf(missing)));
        }
    }

    private static void ceilings(
            String whose, String code, Entitlements has, Allocation asked, List<FieldError> errors) {
        asked.overages().byMetric().forEach((metric, overage) -> {
            var ceiling = overage.ceiling();
            long limit = asked.entitlements().limit(metric);
            long most = has.limit(metric);
            if (ceiling != null && ceiling < limit) {
                errors.add(new FieldError(
                        "entitlements",
                        "license.ceiling-below-limit",
                        "%s: the ceiling must not be below the limit, %d".formatted(metric.wireName(), limit),
                        ceiling));
            } else if (ceiling != null && ceiling > most) {
                errors.add(new FieldError(
                        "entitlements", code, "%s: %s has %d".formatted(metric.wireName(), whose, most), ceiling));
            }
        });
    }

    private static FieldError outside(String field, String message, Instant rejected) {
        return new FieldError(field, "license.outside-validity", message, rejected.toString());
    }
}
