package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.LicenseSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ResellerManagement.Change;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import java.util.List;
import java.util.Locale;

/** A reseller: whose tenants are its own, and what it has of each licence. */
final class ResellerDetail extends Div {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 500;

    private final transient ProviderTools provider;
    private final transient ResellerSummary one;
    private final transient Runnable changed;

    ResellerDetail(ProviderTools provider, ResellerSummary one, Runnable changed) {
        this.provider = provider;
        this.one = one;
        this.changed = changed;
        addClassName("stacked");
        add(new Facts()
                .with("State", ResellersView.badge(one.state()))
                .with("Short name", one.slug())
                .with("Contact", one.contactEmail())
                .with("Created", Ago.absolute(one.createdAt()))
                .code("Id", one.id().toString()));
        var licenses = provider.licenses().list(null, LicensesView.SHOWN);
        var allotments = provider.allotments().list(one.id(), null, MOST);
        add(actions(licenses, allotments));
        add(new ResellerTenants(provider, one, changed));
        if (allotments.isEmpty()) {
            var none = new Paragraph("It has no part of a licence, so its tenants can draw nothing.");
            none.addClassName("quiet");
            add(none);
        }
        for (var allotment : allotments) {
            add(new H3(name(licenses, allotment)), new AllotmentPanel(provider, one, allotment, changed));
        }
    }

    private static String name(List<LicenseSummary> licenses, AllotmentSummary allotment) {
        return licenses.stream()
                .filter(license -> license.id().equals(allotment.licenseId()))
                .map(license -> "Of " + LicenseWords.label(license))
                .findFirst()
                .orElse("Of a licence");
    }

    private Div actions(List<LicenseSummary> licenses, List<AllotmentSummary> allotments) {
        var row = new Div();
        row.addClassName("row");
        var free = licenses.stream()
                .filter(license ->
                        allotments.stream().noneMatch(part -> part.licenseId().equals(license.id())))
                .toList();
        var active = one.state() == ResellerState.ACTIVE;
        if (provider.scopes().mayInProvider(Permission.LICENSE_MANAGE) && !free.isEmpty() && active) {
            row.add(new Button("Allot a part", click -> new AllotmentDialog(provider, one, changed).allot(free)));
        }
        if (provider.scopes().mayInProvider(Permission.TENANT_MANAGE)) {
            row.add(
                    active
                            ? new Button("Suspend", click -> set(ResellerState.SUSPENDED))
                            : new Button("Make active", click -> set(ResellerState.ACTIVE)));
            var delete = new Button("Delete", click -> ResellerEnd.ask(provider, one, allotments, changed));
            delete.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
            row.add(delete);
        }
        return row;
    }

    private void set(ResellerState state) {
        var now = provider.resellers().change(one.id(), new Change(null, null, state), one.version());
        Notices.undoable("%s is %s".formatted(one.name(), state.name().toLowerCase(Locale.ROOT)), () -> {
            provider.resellers().change(one.id(), new Change(null, null, one.state()), now.version());
            changed.run();
        });
        changed.run();
    }
}
