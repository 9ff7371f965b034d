package io.garrison.licensing.ui;

import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import io.garrison.licensing.AllotmentAdministration.Portion;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Factor;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overcommit;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Gives a reseller a part of a licence, or another one than it has. Shows what that leaves while it is typed. */
final class AllotmentDialog {

    private static final Entitlements USUAL = new Entitlements(10, 1_000_000_000, 50, Set.of());

    private final ProviderTools provider;
    private final ResellerSummary reseller;
    private final Runnable done;

    private final Select<LicenseSummary> license = new Select<>();
    private final Map<Metric, MetricField> metrics = new EnumMap<>(Metric.class);
    private final CheckboxGroup<String> features = new CheckboxGroup<>("Features that it may give on");
    private @Nullable AllotmentSummary present;

    AllotmentDialog(ProviderTools provider, ResellerSummary reseller, Runnable done) {
        this.provider = provider;
        this.reseller = reseller;
        this.done = done;
        license.setLabel("Licence");
        license.setItemLabelGenerator(LicenseWords::label);
        license.addValueChangeListener(change -> chosen());
        features.addClassName("wide");
        LicenseWords.COUNTED.forEach(metric -> metrics.put(metric, MetricField.given(metric, this::tellRoom)));
    }

    /** @param loaded of which it has nothing yet; at least one */
    void allot(List<LicenseSummary> loaded) {
        metrics.forEach((metric, field) -> field.set(USUAL.limit(metric), Factor.ONE));
        license.setItems(loaded);
        license.setValue(loaded.getFirst());
        open("Allot a part of a licence to " + reseller.name(), "Allot", () -> {
            provider.allotments().allot(reseller.id(), license.getValue().id(), portion());
            Notices.done(reseller.name() + " has a part of the licence");
        });
    }

    void resize(AllotmentSummary allotment) {
        present = allotment;
        metrics.forEach((metric, field) -> field.set(
                allotment.entitlements().limit(metric), allotment.overcommit().of(metric)));
        var parent = provider.licenses().get(allotment.licenseId());
        license.setItems(parent);
        license.setValue(parent);
        license.setReadOnly(true);
        features.setValue(allotment.entitlements().features());
        open("Resize the part of " + reseller.name(), "Resize", () -> {
            provider.allotments().resize(reseller.id(), allotment.id(), portion(), allotment.version());
            Notices.done("The part of " + reseller.name() + " is resized");
        });
    }

    private void open(String title, String verb, Runnable save) {
        var form = new Div(license);
        metrics.values().forEach(form::add);
        form.add(features);
        form.addClassName("form");
        var problems = new FormProblems().field("licenseId", license);
        metrics.forEach((metric, field) -> problems.field("entitlements/" + metric.wireName(), field.problems())
                .field("overcommit/" + metric.wireName(), field.factorProblems()));
        var dialog = new EditDialog(
                        title,
                        verb,
                        form,
                        () -> isComplete()
                                && problems.attempt(() -> {
                                    save.run();
                                    done.run();
                                }))
                .wide();
        metrics.values().forEach(field -> field.onChange(dialog::changed));
        dialog.open();
    }

    private void chosen() {
        var names = new TreeSet<>(license.getValue().entitlements().features());
        features.setItems(names);
        features.setVisible(!names.isEmpty());
        if (present == null) {
            features.setValue(names);
        }
        tellRoom();
    }

    private void tellRoom() {
        if (license.getValue() == null) {
            return;
        }
        for (var line : provider.licenses().pool(license.getValue().id()).lines()) {
            if (line instanceof LicensePool.Count count) {
                var field = metrics.get(count.metric());
                long mine = present == null ? 0 : present.entitlements().limit(count.metric());
                if (field != null) {
                    field.pool(count, EntitlementFields.saturated(count.allocated() - mine, field.value()));
                }
            }
        }
    }

    private boolean isComplete() {
        return metrics.values().stream().map(field -> field.isComplete() & field.isFactorComplete()).toList().stream()
                .allMatch(complete -> complete);
    }

    private Portion portion() {
        var factors = new EnumMap<Metric, Factor>(Metric.class);
        metrics.forEach((metric, field) -> factors.put(metric, field.factor()));
        return new Portion(
                new Entitlements(
                        value(Metric.INSTANCES),
                        value(Metric.THROUGHPUT_BPS),
                        value(Metric.VIRTUAL_SERVICES),
                        features.getValue()),
                new Overcommit(factors));
    }

    private long value(Metric metric) {
        var field = metrics.get(metric);
        return field == null ? 0 : field.value();
    }
}
