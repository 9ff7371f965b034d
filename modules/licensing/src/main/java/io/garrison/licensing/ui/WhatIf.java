package io.garrison.licensing.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Code;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.LicenseException;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseOperations.Preview;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.Units;
import java.util.List;
import java.util.UUID;

/** What a change of a sub-licence would do, before it is done. */
final class WhatIf extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 10;

    private final transient SubLicenseSummary one;
    private final transient List<ConsumptionView.Line> used;

    WhatIf(SubLicenseSummary one, List<ConsumptionView.Line> used) {
        this.one = one;
        this.used = used;
        addClassNames("what-if", "wide");
        getElement().setAttribute("aria-live", "polite");
        nothing();
    }

    void nothing() {
        lay(new Paragraph("Nothing is different yet. What you type is tried out here and costs nothing."));
    }

    void refused(Refusal refusal) {
        lay(Hint.bad(String.valueOf(refusal.getMessage())));
    }

    void show(Terms asked, Preview preview) {
        var list = new UnorderedList();
        changes(asked, list);
        if (preview.refusals().isEmpty()) {
            list.add(new ListItem("Licence pool afterwards: " + free(preview.pool()) + " free"));
        }
        services(asked, list);
        lay(list);
        preview.refusals().forEach(refusal -> add(Hint.bad(words(refusal))));
        add(seats(preview));
    }

    private void lay(Component content) {
        removeAll();
        add(new H3("What would happen"), content);
    }

    private void changes(Terms asked, UnorderedList list) {
        for (var metric : LicenseWords.COUNTED) {
            long was = one.entitlements().limit(metric);
            long becomes = asked.entitlements().limit(metric);
            if (was != becomes) {
                list.add(new ListItem("%s: %s → %s"
                        .formatted(
                                LicenseWords.name(metric),
                                LicenseWords.quantity(metric, was),
                                LicenseWords.quantity(metric, becomes))));
            }
            var before = one.overages().of(metric);
            var after = asked.overage().getOrDefault(metric, before);
            if (!before.equals(after)) {
                list.add(new ListItem("%s, beyond it: %s → %s"
                        .formatted(
                                LicenseWords.name(metric),
                                OverageWords.name(metric, before),
                                OverageWords.name(metric, after))));
            }
        }
        if (!one.entitlements().features().equals(asked.entitlements().features())) {
            list.add(new ListItem("Features: %s → %s"
                    .formatted(
                            LicenseWords.features(one.entitlements()), LicenseWords.features(asked.entitlements()))));
        }
    }

    /** Services are never taken away by a resize. */
    private void services(Terms asked, UnorderedList list) {
        long limit = asked.entitlements().virtualServices();
        used.stream()
                .filter(line -> line.metric() == Metric.VIRTUAL_SERVICES && line.used() != null && line.used() > limit)
                .forEach(line -> list.add(new ListItem("%s are in use and stay; no more than %s can be published anew"
                        .formatted(
                                LicenseWords.quantity(Metric.VIRTUAL_SERVICES, line.used()),
                                LicenseWords.quantity(Metric.VIRTUAL_SERVICES, limit)))));
    }

    private static String free(LicensePool pool) {
        return String.join(
                ", ",
                pool.lines().stream()
                        .filter(LicensePool.Count.class::isInstance)
                        .map(LicensePool.Count.class::cast)
                        .map(count -> LicenseWords.quantity(count.metric(), count.free()))
                        .toList());
    }

    /** The field says how much is missing; here stands what that means. */
    private static String words(LicenseException refusal) {
        return refusal instanceof LicenseException.PoolExhausted
                ? "This would be refused: the licence pool has less than that. See the field."
                : "This would be refused: " + refusal.getMessage();
    }

    private static Component seats(Preview preview) {
        var running = Units.count(preview.running(), "instance", "instances");
        var breaking = preview.breaking();
        if (preview.running() == 0) {
            return new Paragraph("No instance holds a seat of it now.");
        } else if (breaking.isEmpty()) {
            return new Paragraph("%s hold seats of it; all keep them.".formatted(running));
        }
        var names = new Div();
        names.addClassName("row");
        breaking.stream().limit(SHOWN).forEach(instance -> names.add(name(instance, preview)));
        if (breaking.size() > SHOWN) {
            names.add(new Div("and %d more".formatted(breaking.size() - SHOWN)));
        }
        var told = Hint.warning(
                "%d of %s would have to give their seats up, the newest first. Choose below what becomes of them."
                        .formatted(breaking.size(), running));
        return new Div(told, names);
    }

    private static Code name(UUID instance, Preview preview) {
        var id = instance.toString();
        var code = new Code(preview.names().getOrDefault(instance, LicenseWords.shortId(id)));
        code.setTitle(id);
        return code;
    }
}
