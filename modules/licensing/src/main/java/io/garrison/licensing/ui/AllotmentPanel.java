package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;

/** The part of a licence that a reseller has, and what is cut from it. */
final class AllotmentPanel extends Div {
    private static final long serialVersionUID = 1L;

    AllotmentPanel(ProviderTools provider, ResellerSummary reseller, AllotmentSummary allotment, Runnable changed) {
        addClassName("stacked");
        var pool = new PoolSection();
        pool.show(provider.allotments().pool(reseller.id(), allotment.id()));
        var facts = new Facts();
        LicenseWords.COUNTED.forEach(metric -> facts.with(
                LicenseWords.name(metric),
                "%s, given on %s times"
                        .formatted(
                                LicenseWords.quantity(
                                        metric, allotment.entitlements().limit(metric)),
                                allotment.overcommit().of(metric))));
        facts.with("Features", LicenseWords.features(allotment.entitlements()))
                .with("Allotted", Ago.absolute(allotment.createdAt()))
                .code("Id", allotment.id().toString());
        add(pool, facts);
        if (provider.scopes().mayInProvider(Permission.LICENSE_MANAGE)) {
            add(actions(provider, reseller, allotment, changed));
        }
    }

    private static Div actions(
            ProviderTools provider, ResellerSummary reseller, AllotmentSummary allotment, Runnable changed) {
        var resize =
                new Button("Resize part", click -> new AllotmentDialog(provider, reseller, changed).resize(allotment));
        var problems = new FormProblems();
        var release = new Button(
                "Release part",
                click -> DangerDialog.asking(
                                "Release part",
                                reseller.slug(),
                                "It goes back to the licence pool, and the reseller's tenants can draw nothing from it any more. That is"
                                        + " refused while anything is cut from it.",
                                new Div(),
                                () -> problems.attempt(() -> {
                                    provider.allotments().release(reseller.id(), allotment.id(), allotment.version());
                                    Notices.done("The part of " + reseller.name() + " is in the licence pool again");
                                    changed.run();
                                }))
                        .open());
        release.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
        var row = new Div(resize, release);
        row.addClassName("row");
        return row;
    }
}
