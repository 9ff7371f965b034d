package io.garrison.licensing.ui;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overages;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.licensing.PlanSummary;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a share of a licence pool for a tenant, from a plan or by hand. Shows what that leaves while it is typed. */
final class AllocationDialog {

    private static final int MOST = 500;
    private static final Entitlements USUAL = new Entitlements(1, 100_000_000, 5, java.util.Set.of());
    private static final int USUAL_GRACE = 14;

    private final ProviderTools provider;
    private final SubLicenseAdministration subLicenses;
    private final Runnable allocated;

    private final ComboBox<TenantSummary> tenant = new ComboBox<>("Tenant");
    private final Select<LicenseSummary> license = new Select<>();
    private final Select<PlanSummary> plan = new Select<>();
    private final EntitlementFields fields = new EntitlementFields(this::tellRoom);
    private final Span elsewhere = new Span();
    private final DatePicker from = new DatePicker("Valid from (UTC)");
    private final DatePicker until = new DatePicker("Valid until (UTC)");
    private final IntegerField grace = new IntegerField("Grace (days)");
    private @Nullable TenantScope fixed;
    private List<LicenseSummary> loaded = List.of();

    AllocationDialog(ProviderTools provider, SubLicenseAdministration subLicenses, Runnable allocated) {
        this.provider = provider;
        this.subLicenses = subLicenses;
        this.allocated = allocated;
    }

    /** For that tenant, from any licence. */
    void openFor(TenantScope scope, List<LicenseSummary> licenses) {
        fixed = scope;
        tenant.setVisible(false);
        open("Allocate sub-licence to " + scope.name(), licenses, licenses.getFirst());
    }

    /** From that licence, for any tenant. */
    void openIn(LicenseSummary chosen, List<LicenseSummary> licenses) {
        tenant.setItems(provider.workspace().available());
        tenant.setItemLabelGenerator(TenantSummary::name);
        tenant.setHelperText("Who gets it");
        open("Allocate sub-licence", licenses, chosen);
    }

    private void open(String title, List<LicenseSummary> licenses, LicenseSummary chosen) {
        loaded = licenses;
        lay(chosen);
        var form = new Div(tenant, license, plan, fields, elsewhere, from, until, grace);
        form.addClassName("form");
        var problems = fields.register(new FormProblems())
                .field("licenseId", license)
                .field("validFrom", from)
                .field("validUntil", until)
                .field("graceDays", grace);
        var dialog =
                new EditDialog(title, "Allocate", form, () -> isComplete() && problems.attempt(this::allocate)).wide();
        tenant.addValueChangeListener(change -> {
            dialog.changed();
            tellRoom();
        });
        plan.addValueChangeListener(change -> dialog.changed());
        until.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }

    private void lay(LicenseSummary chosen) {
        license.setLabel("Licence");
        license.setItems(loaded);
        license.setItemLabelGenerator(LicenseWords::label);
        license.addValueChangeListener(change -> chosen());
        plan.setLabel("Terms");
        plan.setItems(provider.plans().list(null, MOST));
        plan.setEmptySelectionAllowed(true);
        plan.setEmptySelectionCaption("By hand");
        plan.setPlaceholder("By hand");
        plan.setItemLabelGenerator(AllocationDialog::label);
        plan.setHelperText("A plan's terms are copied; changing the plan later changes nothing here");
        plan.addValueChangeListener(change -> takeOver(change.getValue()));
        elsewhere.addClassNames("wide", "quiet");
        elsewhere.getElement().setAttribute("aria-live", "polite");
        from.setHelperText("Empty: from now on");
        from.setClearButtonVisible(true);
        grace.setMin(0);
        grace.setHelperText("0–365; instances keep their seats meanwhile");
        grace.setValue(USUAL_GRACE);
        until.setValue(day(now()).plusYears(1));
        fields.set(USUAL, Overages.NONE);
        license.setValue(chosen);
    }

    private static String label(@Nullable PlanSummary one) {
        return one == null ? "By hand" : "%s (version %d)".formatted(one.terms().name(), one.version());
    }

    private void chosen() {
        var end = day(license.getValue().validUntil());
        if (until.getValue() == null || until.getValue().isAfter(end)) {
            until.setValue(end);
        }
        until.setHelperText("Ends at 00:00 of that day; not after %s, when the licence ends"
                .formatted(LicenseWords.day(license.getValue().validUntil())));
        fields.offer(license.getValue().entitlements().features());
        tellRoom();
    }

    private void takeOver(@Nullable PlanSummary chosen) {
        var byPlan = chosen != null;
        fields.setReadOnly(byPlan);
        grace.setReadOnly(byPlan);
        until.setReadOnly(byPlan);
        if (chosen != null) {
            PlanTerms terms = chosen.terms();
            fields.set(terms.entitlements(), terms.overages());
            grace.setValue(terms.graceDays());
            until.setValue(day(begins().plus(Duration.ofDays(terms.termDays()))));
        }
        tellRoom();
    }

    /** What is left then in this licence pool, and whether another one has room if it has none. */
    private void tellRoom() {
        if (license.getValue() == null) {
            return;
        }
        var pool = pool(license.getValue());
        pool.ifPresentOrElse(present -> fields.show(present, metric -> 0), fields::hidePools);
        elsewhere.setVisible(pool.isEmpty() || !fields.fits());
        if (pool.isEmpty()) {
            elsewhere.setText(
                    "The tenant's reseller has nothing of this licence. Allot it a part under Resellers first.");
        } else if (!fields.fits()) {
            elsewhere.setText(whereElse());
        }
    }

    private String whereElse() {
        var roomier = loaded.stream()
                .filter(one -> !one.equals(license.getValue()) && hasRoom(one))
                .map(LicenseWords::label)
                .toList();
        return roomier.isEmpty()
                ? "No other licence pool has room for it. Ask for less, or revoke or shrink a sub-licence."
                : "There is room for it in the licence pool of: " + String.join("; ", roomier) + ".";
    }

    private boolean hasRoom(LicenseSummary one) {
        var asked = fields.entitlements();
        return now().isBefore(one.validUntil())
                && one.entitlements().features().containsAll(asked.features())
                && pool(one)
                        .filter(pool -> pool.lines().stream()
                                .noneMatch(line -> line instanceof LicensePool.Count count
                                        && count.free() < asked.limit(count.metric())))
                        .isPresent();
    }

    /** From which it would come: a tenant of a reseller draws from what that has of the licence. */
    private Optional<LicensePool> pool(LicenseSummary one) {
        return who().map(tenant -> provider.poolFor(tenant, one.id()))
                .orElseGet(() -> Optional.of(provider.licenses().pool(one.id())));
    }

    private Optional<TenantSummary> who() {
        return fixed == null ? tenant.getOptionalValue() : provider.workspace().find(fixed.slug());
    }

    private boolean isComplete() {
        var complete = fields.isComplete();
        if (fixed == null && tenant.isEmpty()) {
            tenant.setErrorMessage("Choose who gets it");
            tenant.setInvalid(true);
            complete = false;
        }
        if (grace.getValue() == null) {
            grace.setErrorMessage("Enter 0 to 365 days");
            grace.setInvalid(true);
            complete = false;
        }
        return complete;
    }

    private void allocate() {
        var where = fixed == null ? provider.scopes().of(tenant.getValue().slug()) : fixed;
        var parent = license.getValue();
        var chosen = plan.getValue();
        if (chosen == null) {
            var asked = new Allocation(
                    parent.id(), begins(), ends(parent), grace.getValue(), fields.entitlements(), fields.overages());
            where.call(() -> subLicenses.allocate(asked));
        } else {
            where.call(() -> provider.plans().allocate(chosen.id(), parent.id(), begins()));
        }
        Notices.done("%s has a sub-licence of %s"
                .formatted(
                        where.name(),
                        LicenseWords.quantity(
                                Metric.INSTANCES, fields.entitlements().instances())));
        allocated.run();
    }

    private Instant now() {
        return provider.clock().instant();
    }

    private Instant begins() {
        if (from.getValue() == null) {
            return now();
        }
        var begin = from.getValue().atStartOfDay(ZoneOffset.UTC).toInstant();
        return from.getValue().equals(day(now())) ? now() : begin;
    }

    /** The last day of the licence is meant as its very end. */
    private Instant ends(LicenseSummary parent) {
        if (until.getValue() == null || until.getValue().equals(day(parent.validUntil()))) {
            return parent.validUntil();
        }
        return until.getValue().atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
