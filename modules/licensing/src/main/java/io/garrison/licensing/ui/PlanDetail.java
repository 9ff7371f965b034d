package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.PlanManagement.Cut;
import io.garrison.licensing.PlanSummary;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A plan, and what was cut from it. */
final class PlanDetail extends Div {
    private static final long serialVersionUID = 1L;

    private static final int CUTS = 50;

    PlanDetail(ProviderTools provider, PlanSummary plan, Set<String> features, Runnable changed) {
        addClassName("stacked");
        var terms = plan.terms();
        var facts = new Facts();
        LicenseWords.COUNTED.forEach(metric -> facts.with(
                LicenseWords.name(metric),
                LicenseWords.quantity(metric, terms.entitlements().limit(metric)) + " · "
                        + OverageWords.name(metric, terms.overages().of(metric))));
        facts.with("Features", LicenseWords.features(terms.entitlements()))
                .with("Term", LicenseWords.days(terms.termDays()))
                .with("Grace", LicenseWords.days(terms.graceDays()))
                .with("Version", String.valueOf(plan.version()))
                .with("Changed", Ago.absolute(plan.changedAt()))
                .with("Created", Ago.absolute(plan.createdAt()))
                .code("Id", plan.id().toString());
        add(facts, actions(provider, plan, features, changed), new H3("Cut from it"), cuts(provider, plan));
    }

    private static Div actions(ProviderTools provider, PlanSummary plan, Set<String> features, Runnable changed) {
        var next = new Button("New version", click -> new PlanDialog(provider.plans(), changed).change(plan, features));
        var retire = new Button(
                "Retire",
                click -> new DangerDialog(
                                "Retire plan",
                                plan.terms().name(),
                                "Nothing can be cut from it any more, and it cannot be had back. What was cut from it stays as it is.",
                                () -> {
                                    provider.plans().retire(plan.id(), plan.version());
                                    Notices.done(plan.terms().name() + " is retired");
                                    changed.run();
                                })
                        .open());
        retire.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
        var row = new Div(next, retire);
        row.addClassName("row");
        return row;
    }

    private static com.vaadin.flow.component.Component cuts(ProviderTools provider, PlanSummary plan) {
        var cuts = provider.plans().cuts(plan.id(), null, CUTS);
        if (cuts.isEmpty()) {
            var none = new Paragraph("No sub-licence yet. Choose the plan where one is allocated.");
            none.addClassName("quiet");
            return none;
        }
        var tenants = provider.workspace().available().stream()
                .collect(Collectors.toMap(TenantSummary::id, Function.identity()));
        var list = new UnorderedList();
        list.addClassName("timeline");
        cuts.forEach(cut -> list.add(item(cut, tenants.get(cut.tenant()))));
        return list;
    }

    private static ListItem item(Cut cut, @org.jspecify.annotations.Nullable TenantSummary tenant) {
        var name = LicenseWords.name(new SubLicenseId(cut.subLicense()));
        var line = new Div(
                tenant == null
                        ? new Span("a tenant that is gone")
                        : new Anchor(
                                "t/" + tenant.slug() + "/licences/" + cut.subLicense(), tenant.name() + ", " + name),
                new Span("version " + cut.version()),
                new Ago(cut.at()));
        line.addClassName("row");
        return new ListItem(line);
    }
}
