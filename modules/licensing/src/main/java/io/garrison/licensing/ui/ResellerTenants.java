package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.Notices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tenants that belong to a reseller; others come to it and these go back to the provider. */
final class ResellerTenants extends Div {
    private static final long serialVersionUID = 1L;

    private final transient ProviderTools provider;
    private final transient ResellerSummary reseller;
    private final transient Runnable changed;
    private final Div refusals = new Div();

    ResellerTenants(ProviderTools provider, ResellerSummary reseller, Runnable changed) {
        this.provider = provider;
        this.reseller = reseller;
        this.changed = changed;
        addClassName("stacked");
        var manages = provider.scopes().mayInProvider(Permission.TENANT_MANAGE);
        var own = of(provider, reseller);
        add(new H3("Tenants"));
        if (own.isEmpty()) {
            var none = new Paragraph("No tenant belongs to it.");
            none.addClassName("quiet");
            add(none);
        }
        own.forEach(tenant -> add(row(tenant, manages)));
        add(refusals);
        if (manages && reseller.state() == ResellerState.ACTIVE) {
            var place = new Button("Place a tenant here", click -> place());
            var row = new Div(place);
            row.addClassName("row");
            add(row);
        }
    }

    static List<TenantSummary> of(ProviderTools provider, ResellerSummary reseller) {
        return provider.workspace().available().stream()
                .filter(tenant -> reseller.id().equals(tenant.resellerId()))
                .toList();
    }

    private Div row(TenantSummary tenant, boolean manages) {
        var row = new Div(new Anchor("t/" + tenant.slug(), tenant.name()));
        row.addClassName("row");
        if (manages) {
            var back = new Button("Take back", click -> takeBack(tenant));
            back.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            back.setAriaLabel("Take " + tenant.name() + " back");
            row.add(back);
        }
        return row;
    }

    /** What its reseller has is no longer there for it to draw from, so it must hold nothing of it. */
    private void takeBack(TenantSummary tenant) {
        refusals.removeAll();
        try {
            var now = move(tenant, null);
            Notices.undoable(tenant.name() + " is the provider's own", () -> {
                move(now, reseller.id());
                changed.run();
            });
            changed.run();
        } catch (Refusal refusal) {
            refusals.add(Hint.bad(tenant.name() + ": " + refusal.getMessage()));
        }
    }

    private TenantSummary move(TenantSummary tenant, @Nullable ResellerId to) {
        return provider.scopes().of(tenant.slug()).call(() -> provider.tenants().place(to, tenant.version()));
    }

    private void place() {
        var free = provider.workspace().available().stream()
                .filter(tenant -> tenant.resellerId() == null && tenant.state() != TenantState.DELETING)
                .toList();
        var choice = new ComboBox<TenantSummary>("Tenant");
        choice.setItems(free);
        choice.setItemLabelGenerator(tenant -> tenant.name() + " (" + tenant.slug() + ")");
        choice.setHelperText(
                free.isEmpty()
                        ? "Every tenant belongs to a reseller. Take one back first."
                        : "What it holds already stays cut from the licence; what it gets from now on is cut from what the"
                                + " reseller has");
        choice.addClassName("wide");
        var refused = new Div();
        refused.addClassName("wide");
        var form = new Div(choice, refused);
        form.addClassName("form");
        var dialog = new EditDialog(
                "Place a tenant with " + reseller.name(), "Place tenant", form, () -> placed(choice, refused));
        choice.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }

    private boolean placed(ComboBox<TenantSummary> choice, Div refused) {
        refused.removeAll();
        if (choice.isEmpty()) {
            choice.setErrorMessage("Choose a tenant.");
            choice.setInvalid(true);
            return false;
        }
        var tenant = choice.getValue();
        try {
            move(tenant, reseller.id());
            Notices.done(tenant.name() + " belongs to " + reseller.name());
            changed.run();
            return true;
        } catch (Refusal refusal) {
            refused.add(Hint.bad(String.valueOf(refusal.getMessage())));
            return false;
        }
    }
}
