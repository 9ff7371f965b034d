package io.garrison.licensing.ui;

import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.html.Div;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overages;
import io.garrison.tenancy.ui.FormProblems;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** What a sub-licence or a plan is to grant, with what happens beyond each limit. */
final class EntitlementFields extends Div {
    private static final long serialVersionUID = 1L;

    private final Map<Metric, MetricField> metrics = new EnumMap<>(Metric.class);
    private final CheckboxGroup<String> features = new CheckboxGroup<>("Features");
    private boolean settling;

    /** @param changed told when the person has changed something */
    EntitlementFields(Runnable changed) {
        addClassNames("form", "wide");
        Runnable tell = () -> {
            if (!settling) {
                changed.run();
            }
        };
        LicenseWords.COUNTED.forEach(metric -> metrics.put(metric, MetricField.ruled(metric, tell)));
        metrics.values().forEach(this::add);
        features.addClassName("wide");
        features.addValueChangeListener(change -> tell.run());
        features.setVisible(false);
        add(features);
    }

    MetricField of(Metric metric) {
        var field = metrics.get(metric);
        if (field == null) {
            throw new IllegalArgumentException(metric + " is not counted");
        }
        return field;
    }

    void set(Entitlements granted, Overages overages) {
        settling = true;
        metrics.forEach((metric, field) -> field.set(granted.limit(metric), overages.of(metric)));
        offer(granted.features());
        features.setValue(granted.features());
        settling = false;
    }

    /** Lets these be chosen as well. */
    void offer(Set<String> names) {
        var all = new TreeSet<String>(features.getListDataView().getItems().toList());
        all.addAll(names);
        var chosen = features.getValue();
        features.setItems(all);
        features.setValue(chosen);
        features.setVisible(!all.isEmpty());
    }

    /** Lets the features of a pool be chosen as well. */
    void offer(LicensePool pool) {
        pool.lines().stream()
                .filter(LicensePool.Features.class::isInstance)
                .map(LicensePool.Features.class::cast)
                .forEach(line -> offer(line.limit()));
    }

    void setReadOnly(boolean readOnly) {
        metrics.values().forEach(field -> field.setReadOnly(readOnly));
        features.setReadOnly(readOnly);
    }

    Entitlements entitlements() {
        return new Entitlements(
                of(Metric.INSTANCES).value(),
                of(Metric.THROUGHPUT_BPS).value(),
                of(Metric.VIRTUAL_SERVICES).value(),
                features.getValue());
    }

    /** The rule of every counted metric, also where it is to refuse. */
    Map<Metric, Overage> rules() {
        var rules = new EnumMap<Metric, Overage>(Metric.class);
        metrics.forEach((metric, field) -> rules.put(metric, field.overage()));
        return rules;
    }

    Overages overages() {
        return new Overages(rules());
    }

    /** Whether all is filled in; says at the fields what is not. */
    boolean isComplete() {
        return metrics.values().stream().map(MetricField::isComplete).toList().stream()
                .allMatch(complete -> complete);
    }

    /**
     * Shows what would be left of a licence.
     *
     * @param mine what the one who asks holds of it already
     */
    void show(LicensePool pool, ToLongFunction<Metric> mine) {
        for (var line : pool.lines()) {
            if (line instanceof LicensePool.Count count) {
                var field = of(count.metric());
                long others = count.allocated() - mine.applyAsLong(count.metric());
                field.pool(count, saturated(others, field.value()));
            }
        }
    }

    void hidePools() {
        metrics.values().forEach(field -> field.bar().setVisible(false));
    }

    boolean fits() {
        return metrics.values().stream().allMatch(field -> field.bar().fits());
    }

    FormProblems register(FormProblems problems) {
        metrics.forEach((metric, field) -> problems.field("entitlements/" + metric.wireName(), field.problems()));
        return problems;
    }

    static long saturated(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
