package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.Factor;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overcommit;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import java.util.EnumMap;
import java.util.Map;

/** Sets how many times over a licence may be given away. Shows what that would allow while it is typed. */
final class OvercommitDialog {

    private final ProviderTools provider;
    private final LicenseSummary license;
    private final LicensePool pool;
    private final Runnable done;
    private final Map<Metric, MetricField> metrics = new EnumMap<>(Metric.class);
    private final Div whatIf = new Div();

    OvercommitDialog(ProviderTools provider, LicenseSummary license, Runnable done) {
        this.provider = provider;
        this.license = license;
        this.pool = provider.licenses().pool(license.id());
        this.done = done;
        whatIf.addClassNames("what-if", "wide");
        whatIf.getElement().setAttribute("aria-live", "polite");
        LicenseWords.COUNTED.forEach(metric -> {
            var field = MetricField.given(metric, this::tell);
            metrics.put(metric, field);
            field.set(license.entitlements().limit(metric), license.overcommit().of(metric));
            field.setReadOnly(true);
        });
    }

    void open() {
        var form = new Div();
        metrics.values().forEach(form::add);
        form.add(whatIf);
        form.addClassName("form");
        var problems = new FormProblems();
        metrics.forEach((metric, field) -> problems.field("overcommit/" + metric.wireName(), field.factorProblems()));
        var dialog = new EditDialog(
                        "Overcommit the licence of " + license.mssp(),
                        "Save factors",
                        form,
                        () -> isComplete() && problems.attempt(this::save))
                .wide();
        metrics.values().forEach(field -> field.onChange(dialog::changed));
        tell();
        dialog.open();
    }

    private boolean isComplete() {
        return metrics.values().stream().map(MetricField::isFactorComplete).toList().stream()
                .allMatch(complete -> complete);
    }

    private void save() {
        var factors = new EnumMap<Metric, Factor>(Metric.class);
        metrics.forEach((metric, field) -> factors.put(metric, field.factor()));
        provider.overcommit().set(license.id(), new Overcommit(factors), license.version());
        Notices.done("The factors of " + license.mssp() + " are saved");
        done.run();
    }

    private void tell() {
        var changes = new UnorderedList();
        for (var line : pool.lines()) {
            if (line instanceof Count now) {
                var field = metrics.get(now.metric());
                if (field != null) {
                    var then = then(now, field.factor());
                    field.pool(then, then.allocated());
                    changes.add(change(now, then));
                }
            }
        }
        whatIf.removeAll();
        whatIf.add(
                new H3("What it would allow"),
                changes,
                new Paragraph(
                        "No single sub-licence or part of a reseller gets more than the licence itself has. What is given"
                                + " away may be used, all of it at once as well."));
    }

    private static Count then(Count now, Factor factor) {
        return new Count(now.metric(), now.limit(), factor, now.allocated(), factor.of(now.limit()) - now.allocated());
    }

    static ListItem change(Count now, Count then) {
        long more = then.capacity() - now.capacity();
        var change = more == 0
                ? "as now"
                : "%s %s than now"
                        .formatted(LicenseWords.quantity(now.metric(), Math.abs(more)), more > 0 ? "more" : "fewer");
        var item = new ListItem("%s: %s may be given away, %s"
                .formatted(
                        LicenseWords.name(now.metric()), LicenseWords.quantity(now.metric(), then.capacity()), change));
        if (then.free() < 0) {
            item.add("; refused, because %s are allocated"
                    .formatted(LicenseWords.quantity(now.metric(), now.allocated())));
            item.addClassName("bad-text");
        }
        return item;
    }
}
