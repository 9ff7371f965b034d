package io.garrison.shell;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;

/** One tenant beside the list: what it is, the way into its workspace, the end of its life. */
final class TenantDetail extends Div {
    private static final long serialVersionUID = 1L;

    private final transient TenantManagement management;
    private final transient ResellerManagement resellers;
    private final transient TenantScope scope;
    private final transient Runnable changed;
    private final boolean manages;

    TenantDetail(
            TenantManagement management,
            ResellerManagement resellers,
            TenantScopes scopes,
            TenantSummary tenant,
            Runnable changed) {
        this.management = management;
        this.resellers = resellers;
        this.scope = scopes.of(tenant.slug());
        this.changed = changed;
        this.manages = scopes.mayInProvider(Permission.TENANT_MANAGE);
        addClassName("stacked");
        show(tenant);
    }

    private void show(TenantSummary tenant) {
        removeAll();
        var open = new Anchor(scope.path(""), "Open workspace");
        var facts = new Facts()
                .with("State", TenantStates.badge(tenant.state()))
                .with("Short name", tenant.slug())
                .with("Mode", StateBadge.words(tenant.mode()))
                .with("Reseller", reseller(tenant))
                .with("Contact", tenant.contactEmail())
                .with("Time zone", tenant.timeZone().getId())
                .with("Created", new Ago(tenant.createdAt()))
                .code("Id", tenant.id().toString());
        add(open, facts);
        if (manages) {
            add(actions(tenant));
        }
    }

    private Component reseller(TenantSummary tenant) {
        var id = tenant.resellerId();
        if (id == null) {
            return new Span("none");
        }
        var one = resellers.get(id);
        return new Anchor("resellers?q=" + one.slug(), one.name());
    }

    private Div actions(TenantSummary tenant) {
        var row = new Div();
        row.addClassName("row");
        switch (tenant.state()) {
            case ACTIVE ->
                row.add(new Button("Suspend", click -> {
                    show(scope.call(management::suspend));
                    changed.run();
                    Notices.undoable(
                            tenant.name() + " is suspended: its members can look, not change", () -> resume(tenant));
                }));
            case SUSPENDED -> {
                row.add(new Button("Resume", click -> resume(tenant)));
                var delete = new Button(
                        "Delete",
                        click -> new DangerDialog(
                                        "Delete tenant",
                                        tenant.slug(),
                                        "All its data are erased: people, policies, certificates, logs and statistics. A deletion"
                                                + " certificate is kept. This cannot be undone.",
                                        () -> {
                                            scope.call(() -> management.delete(tenant.version()));
                                            changed.run();
                                            Notices.done(tenant.name() + " is being deleted");
                                        })
                                .open());
                delete.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
                row.add(delete);
            }
            case DELETING -> row.setVisible(false);
        }
        return row;
    }

    private void resume(TenantSummary tenant) {
        show(scope.call(management::resume));
        changed.run();
        Notices.done(tenant.name() + " is active");
    }
}
