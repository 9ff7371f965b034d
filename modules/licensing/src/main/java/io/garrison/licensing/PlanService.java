package io.garrison.licensing;

import io.garrison.licensing.LicenseException.PlanNameTaken;
import io.garrison.licensing.LicenseException.PlanRefused;
import io.garrison.licensing.LicenseException.UnknownPlan;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Works with no tenant bound, except for the allocation: a plan belongs to no tenant. */
@Service
class PlanService implements PlanManagement {

    private static final int MAX_NAME = 100;
    private static final int MAX_TERM = 3660;

    private final PlanRecords records;
    private final SubLicenseAdministration subLicenses;
    private final SubLicenseChanges changes;
    private final AuditTrail audit;
    private final TransactionTemplate transaction;

    PlanService(
            PlanRecords records,
            SubLicenseAdministration subLicenses,
            SubLicenseChanges changes,
            AuditTrail audit,
            PlatformTransactionManager transactions) {
        this.records = records;
        this.subLicenses = subLicenses;
        this.changes = changes;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public PlanSummary create(PlanTerms terms) {
        requireSense(terms);
        var id = new PlanId(UUID.randomUUID());
        unique(terms, () -> records.insert(id, terms, changes.now()));
        record("plan.created", id, terms, 1);
        return get(id);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_MANAGE)
    public List<PlanSummary> list(@Nullable PlanId after, int limit) {
        return records.page(after, limit);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_MANAGE)
    public PlanSummary get(PlanId id) {
        return records.find(id).orElseThrow(UnknownPlan::new);
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public PlanSummary change(PlanId id, PlanTerms terms, long seen) {
        var plan = lock(id, seen);
        requireSense(terms);
        long next = plan.version() + 1;
        unique(terms, () -> records.change(id, next, terms, changes.now()));
        record("plan.changed", id, terms, next);
        return get(id);
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public void retire(PlanId id, long seen) {
        var plan = lock(id, seen);
        records.retire(id, changes.now());
        record("plan.retired", id, plan.terms(), plan.version());
    }

    /** The version cannot change in between: the plan is locked. */
    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary allocate(PlanId id, LicenseId license, Instant validFrom) {
        var plan = lock(id, -1);
        var terms = plan.terms();
        var made = subLicenses.allocate(new Allocation(
                license,
                validFrom,
                validFrom.plus(Duration.ofDays(terms.termDays())),
                terms.graceDays(),
                terms.entitlements(),
                terms.overages()));
        records.cut(made.id(), plan, made.createdAt());
        audit.record(
                "sub-license.cut-from-plan",
                "sub-license",
                made.id().toString(),
                Map.of("plan", id.toString(), "name", terms.name(), "version", plan.version()));
        return made;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public List<Cut> cuts(PlanId id, @Nullable SubLicenseId after, int limit) {
        Objects.requireNonNull(transaction.execute(status -> get(id)));
        return Objects.requireNonNull(
                ProviderScope.call(() -> transaction.execute(status -> records.cuts(id, after, limit))));
    }

    private PlanSummary lock(PlanId id, long seen) {
        var plan = records.lock(id).filter(found -> found.retiredAt() == null).orElseThrow(UnknownPlan::new);
        EntityTag.check(seen, plan.version());
        return plan;
    }

    private static void unique(PlanTerms terms, Runnable write) {
        try {
            write.run();
        } catch (DuplicateKeyException e) {
            throw new PlanNameTaken(terms.name());
        }
    }

    private void record(String action, PlanId id, PlanTerms terms, long version) {
        audit.record(
                action,
                "plan",
                id.toString(),
                Map.of(
                        "name", terms.name(),
                        "version", version,
                        "instances", terms.entitlements().instances(),
                        "throughputBps", terms.entitlements().throughputBps(),
                        "virtualServices", terms.entitlements().virtualServices(),
                        "features", List.copyOf(terms.entitlements().features()),
                        "graceDays", terms.graceDays(),
                        "termDays", terms.termDays()));
    }

    private static void requireSense(PlanTerms terms) {
        var errors = new ArrayList<FieldError>();
        if (terms.name().isBlank()
                || terms.name().length() > MAX_NAME
                || terms.name().chars().anyMatch(Character::isISOControl)) {
            errors.add(new FieldError("name", "text", "must be 1 to %d printable characters".formatted(MAX_NAME)));
        }
        range(errors, "graceDays", terms.graceDays(), 0, SubLicense.MAX_GRACE_DAYS);
        range(errors, "termDays", terms.termDays(), 1, MAX_TERM);
        terms.overages().byMetric().forEach((metric, overage) -> {
            if (overage.ceiling() != null
                    && overage.ceiling() < terms.entitlements().limit(metric)) {
                errors.add(new FieldError(
                        "entitlements",
                        "license.ceiling-below-limit",
                        "%s: the ceiling must not be below the limit".formatted(metric.wireName()),
                        overage.ceiling()));
            }
        });
        if (!errors.isEmpty()) {
            throw new PlanRefused(errors);
        }
    }

    private static void range(List<FieldError> errors, String field, int value, int min, int max) {
        if (value < min || value > max) {
            errors.add(new FieldError(field, "out-of-range", "must be from %d to %d".formatted(min, max), value));
        }
    }
}
