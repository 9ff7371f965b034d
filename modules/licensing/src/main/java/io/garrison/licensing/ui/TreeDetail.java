package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.ui.TreeNode.OfReseller;
import io.garrison.licensing.ui.TreeNode.OfSubLicense;
import io.garrison.licensing.ui.TreeNode.OfTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Units;
import java.util.List;

/** What stands beside the tree about the row that was chosen. */
final class TreeDetail extends Div {
    private static final long serialVersionUID = 1L;

    TreeDetail(SubLicenseTools tools, ProviderTools provider, TreeNode node, Runnable changed) {
        addClassName("stacked");
        switch (node) {
            case OfReseller row -> lay(provider, row, changed);
            case OfTenant tenant -> lay(tools, provider, tenant, changed);
            case OfSubLicense leaf -> lay(tools, provider, leaf);
        }
    }

    private void lay(ProviderTools provider, OfReseller row, Runnable changed) {
        add(new Anchor("resellers?q=" + row.reseller().slug(), "Open resellers"));
        add(new AllotmentPanel(provider, row.reseller(), row.allotment(), changed));
    }

    private void lay(SubLicenseTools tools, ProviderTools provider, OfTenant tenant, Runnable changed) {
        var facts = new Facts().with("Sub-licences", Units.count(tenant.subLicenses()));
        LicenseWords.COUNTED.forEach(metric -> facts.with(
                LicenseWords.name(metric),
                LicenseWords.quantity(metric, tenant.held().limit(metric))));
        if (tenant.ends() != null) {
            facts.with("First end", Ago.absolute(tenant.ends()));
        }
        add(facts);
        if (tenant.slug().isEmpty()) {
            return;
        }
        addComponentAsFirst(new Anchor("t/" + tenant.slug() + "/licences", "Open the tenant's licences"));
        if (provider.scopes().mayInProvider(Permission.LICENSE_MANAGE)) {
            List<LicenseSummary> loaded = provider.licenses().list(null, LicensesView.SHOWN);
            add(new Div(new Button(
                    "Allocate sub-licence",
                    click -> new AllocationDialog(provider, tools.subLicenses(), changed)
                            .openFor(provider.scopes().of(tenant.slug()), loaded))));
        }
    }

    private void lay(SubLicenseTools tools, ProviderTools provider, OfSubLicense leaf) {
        var one = leaf.one();
        var facts = new Facts()
                .with("State", LicenseWords.badge(one.state()))
                .with("Tenant", leaf.tenant().name());
        LicenseWords.COUNTED.forEach(metric -> facts.with(
                LicenseWords.name(metric),
                LicenseWords.quantity(metric, one.entitlements().limit(metric)) + " · "
                        + OverageWords.name(metric, one.overages().of(metric))));
        facts.with("Features", LicenseWords.features(one.entitlements()))
                .with("Valid until", Ago.absolute(one.validUntil()))
                .with("Grace", LicenseWords.days(one.graceDays()))
                .with("Signed file", "serial " + one.serial())
                .code("Id", one.id().toString());
        var meaning = new Paragraph(LicenseWords.explain(one.state()));
        meaning.addClassName("quiet");
        add(meaning, facts);
        if (leaf.tenant().slug().isEmpty()) {
            return;
        }
        var open = new Button(
                "Open sub-licence",
                click -> click.getSource().getUI().ifPresent(ui -> ui.navigate(HoldingTree.path(leaf))));
        open.addThemeVariants(ButtonVariant.PRIMARY);
        var scope = provider.scopes().of(leaf.tenant().slug());
        var used = new ConsumptionBars();
        used.show(scope.call(() -> tools.consumption().of(one.id())));
        add(new Div(open), used);
    }
}
