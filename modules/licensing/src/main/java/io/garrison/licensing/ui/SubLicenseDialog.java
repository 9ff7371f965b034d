package io.garrison.licensing.ui;

import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Takes a share of the licence pool for a tenant. Says what is free while it is asked for. */
final class SubLicenseDialog {

    private static final double BITS_PER_MEGABIT = 1_000_000;

    private final LicenseAdministration licenses;
    private final SubLicenseAdministration subLicenses;
    private final TenantScope scope;
    private final Clock clock;
    private final Runnable allocated;

    private final Select<LicenseSummary> license = new Select<>();
    private final IntegerField instances = new IntegerField("Instances");
    private final NumberField throughput = new NumberField("Throughput (Mbit/s)");
    private final IntegerField services = new IntegerField("Virtual services");
    private final DatePicker until = new DatePicker("Valid until (UTC)");
    private final IntegerField grace = new IntegerField("Days of grace");

    SubLicenseDialog(
            LicenseAdministration licenses,
            SubLicenseAdministration subLicenses,
            TenantScope scope,
            Clock clock,
            Runnable allocated) {
        this.licenses = licenses;
        this.subLicenses = subLicenses;
        this.scope = scope;
        this.clock = clock;
        this.allocated = allocated;
    }

    void open(List<LicenseSummary> loaded) {
        license.setLabel("Licence");
        license.setItems(loaded);
        license.setItemLabelGenerator(LicenseSummary::mssp);
        license.addValueChangeListener(change -> tellFree());
        license.setValue(loaded.getFirst());
        instances.setValue(1);
        throughput.setValue(100.0);
        services.setValue(5);
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var end = LocalDate.ofInstant(loaded.getFirst().validUntil(), ZoneOffset.UTC);
        until.setValue(today.plusYears(1).isBefore(end) ? today.plusYears(1) : end);
        until.setHelperText("Ends at 00:00 of that day; not after the licence");
        grace.setValue(14);
        grace.setHelperText("0–365; instances keep their seats meanwhile");
        var form = new Div(license, instances, throughput, services, until, grace);
        form.addClassName("form");
        var problems = new FormProblems()
                .field("licenseId", license)
                .field("entitlements/instances", instances)
                .field("entitlements/throughputBps", throughput)
                .field("entitlements/virtualServices", services)
                .field("validUntil", until)
                .field("graceDays", grace);
        new EditDialog(
                        "Allocate sub-licence to " + scope.name(),
                        "Allocate",
                        form,
                        () -> problems.attempt(this::allocate))
                .open();
    }

    private void tellFree() {
        for (var line : licenses.pool(license.getValue().id()).lines()) {
            if (line instanceof LicensePool.Count count) {
                var free = LicenseWords.quantity(count.metric(), count.free()) + " free in the licence pool";
                switch (count.metric()) {
                    case INSTANCES -> instances.setHelperText(free);
                    case THROUGHPUT_BPS -> throughput.setHelperText(free);
                    case VIRTUAL_SERVICES -> services.setHelperText(free);
                    case FEATURES -> throw new IllegalStateException("features are no count");
                }
            }
        }
    }

    private void allocate() {
        var parent = license.getValue();
        var now = clock.instant();
        var end = until.getValue() == null
                ? parent.validUntil()
                : until.getValue().atStartOfDay(ZoneOffset.UTC).toInstant();
        if (end.isAfter(parent.validUntil())
                && until.getValue().equals(LocalDate.ofInstant(parent.validUntil(), ZoneOffset.UTC))) {
            end = parent.validUntil();
        }
        var granted = new Entitlements(
                instances.getValue() == null ? 0 : instances.getValue(),
                throughput.getValue() == null ? 0 : Math.round(throughput.getValue() * BITS_PER_MEGABIT),
                services.getValue() == null ? 0 : services.getValue(),
                parent.entitlements().features());
        var asked = new Allocation(parent.id(), now, end, grace.getValue() == null ? 0 : grace.getValue(), granted);
        scope.call(() -> subLicenses.allocate(asked));
        Notices.done("The sub-licence is allocated");
        allocated.run();
    }
}
