package io.garrison.shell;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantManagement.NewTenant;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of the wizard, a page each. */
final class OnboardingForm {

    private static final double BITS_PER_MEGABIT = 1_000_000;

    final TextField name = new TextField("Name");
    final TextField slug = new TextField("Short name");
    final RadioButtonGroup<DeploymentMode> mode = new RadioButtonGroup<>("Who runs management, and where");
    final EmailField contact = new EmailField("Contact e-mail address");
    final ComboBox<String> zone = new ComboBox<>("Time zone");
    final EmailField administrator = new EmailField("First administrator");

    final Select<LicenseSummary> license = new Select<>();
    final IntegerField instances = new IntegerField("Instances");
    final NumberField throughput = new NumberField("Throughput (Mbit/s)");
    final IntegerField services = new IntegerField("Virtual services");
    final DatePicker until = new DatePicker("Valid until (UTC)");
    final IntegerField grace = new IntegerField("Days of grace");

    final TextField stack = new TextField("Stack");
    final RadioButtonGroup<TrafficMode> traffic = new RadioButtonGroup<>("Instances share traffic");
    final IntegerField minutes = new IntegerField("Token valid for (minutes)");
    final IntegerField machines = new IntegerField("Machines that may join with it");

    private boolean slugTyped;

    OnboardingForm(Instant now) {
        name.setHelperText("As on contracts and bills");
        name.setValueChangeMode(ValueChangeMode.EAGER);
        name.addValueChangeListener(change -> {
            if (!slugTyped) {
                slug.setValue(suggest(change.getValue()));
            }
        });
        slug.setHelperText("In addresses and file names; a–z, 0–9 and -. Cannot be changed later");
        slug.addValueChangeListener(change -> slugTyped |= change.isFromClient());
        mode.setItems(DeploymentMode.values());
        mode.setItemLabelGenerator(StateBadge::words);
        mode.setValue(DeploymentMode.CLUSTER);
        mode.setHelperText(
                "Cluster: here, among other tenants. Centralized: one machine of the customer. Standalone: on the"
                        + " instance itself. Private cloud: here, on Kubernetes");
        mode.addClassName("wide");
        contact.setHelperText("Who is told about licences and incidents");
        zone.setItems(ZoneId.getAvailableZoneIds().stream().sorted().toList());
        zone.setValue("UTC");
        zone.setHelperText("Days and months of statistics and bills begin by it");
        administrator.setHelperText("Gets an invitation link; may be left empty");
        license.setLabel("Licence");
        license.setItemLabelGenerator(LicenseSummary::mssp);
        instances.setValue(2);
        throughput.setValue(200.0);
        services.setValue(10);
        until.setValue(LocalDate.ofInstant(now, ZoneOffset.UTC).plusYears(1));
        grace.setValue(14);
        grace.setHelperText("0–365; instances keep their seats meanwhile");
        stack.setValue("main");
        stack.setHelperText("A group of instances that run one policy");
        traffic.setItems(TrafficMode.values());
        traffic.setItemLabelGenerator(StateBadge::words);
        traffic.setValue(TrafficMode.ACTIVE_ACTIVE);
        minutes.setValue(60);
        minutes.setHelperText("1–1,440");
        machines.setValue(1);
        machines.setHelperText("1–1,000");
    }

    Div tenantPage() {
        return form(name, slug, contact, zone, administrator, mode);
    }

    Div licensePage() {
        return form(license, instances, throughput, services, until, grace);
    }

    Div stackPage() {
        return form(stack, traffic, minutes, machines);
    }

    private static Div form(com.vaadin.flow.component.Component... fields) {
        var form = new Div(fields);
        form.addClassName("form");
        return form;
    }

    FormProblems problems() {
        return new FormProblems()
                .field("slug", slug)
                .field("mode", mode)
                .field("contactEmail", contact)
                .field("timeZone", zone)
                .field("email", administrator)
                .field("entitlements/instances", instances)
                .field("entitlements/throughputBps", throughput)
                .field("entitlements/virtualServices", services)
                .field("validUntil", until)
                .field("graceDays", grace)
                .field("ttlMinutes", minutes)
                .field("uses", machines);
    }

    void tellFree(LicensePool pool) {
        for (var line : pool.lines()) {
            if (line instanceof LicensePool.Count count) {
                switch (count.metric()) {
                    case INSTANCES -> instances.setHelperText(Units.count(count.free()) + " free in the licence pool");
                    case THROUGHPUT_BPS ->
                        throughput.setHelperText(Units.bitsPerSecond(count.free()) + " free in the licence pool");
                    case VIRTUAL_SERVICES ->
                        services.setHelperText(Units.count(count.free()) + " free in the licence pool");
                    case FEATURES -> throw new IllegalStateException("features are no count");
                }
            }
        }
    }

    /** Ends with the parent where that is sooner. */
    void fit(LicenseSummary parent) {
        var end = LocalDate.ofInstant(parent.validUntil(), ZoneOffset.UTC);
        if (until.getValue() == null || until.getValue().isAfter(end)) {
            until.setValue(end);
        }
        until.setHelperText("Not after " + end + ", when the licence ends");
    }

    Onboarding.Plan plan(Instant now) {
        var parent = license.getValue();
        var end = until.getValue() == null
                ? parent.validUntil()
                : until.getValue().atStartOfDay(ZoneOffset.UTC).toInstant();
        var last = LocalDate.ofInstant(parent.validUntil(), ZoneOffset.UTC);
        var granted = new Entitlements(
                number(instances),
                throughput.getValue() == null ? 0 : Math.round(throughput.getValue() * BITS_PER_MEGABIT),
                number(services),
                parent.entitlements().features());
        return new Onboarding.Plan(
                new NewTenant(
                        name.getValue().strip(),
                        slug.getValue().strip(),
                        mode.getValue(),
                        contact.getValue().strip(),
                        zone.getValue()),
                new Allocation(
                        parent.id(),
                        now,
                        last.equals(until.getValue()) ? parent.validUntil() : end,
                        number(grace),
                        granted),
                stack.getValue().strip(),
                traffic.getValue(),
                number(minutes),
                number(machines),
                text(administrator.getValue()));
    }

    private static int number(IntegerField field) {
        return field.getValue() == null ? 0 : field.getValue();
    }

    private static @Nullable String text(String value) {
        return value.isBlank() ? null : value.strip();
    }

    /** {@code Müller & Söhne GmbH} becomes {@code muller-sohne-gmbh}. */
    static String suggest(String name) {
        var plain = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        var slug = plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return slug.length() > 40 ? slug.substring(0, 40).replaceAll("-+$", "") : slug;
    }
}
