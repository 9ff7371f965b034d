package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.tenancy.AuditLog;
import io.garrison.tenancy.Permission;
import jakarta.annotation.security.PermitAll;
import java.util.function.Supplier;

/** A tenant's audit trail, with what the provider did in it. */
@Route("t/:tenant/audit")
@Screen(
        menu = "Audit",
        icon = VaadinIcon.CLIPBOARD_TEXT,
        order = 90,
        permission = Permission.AUDIT_VIEW,
        ofTenant = true)
@PermitAll
class TenantAuditView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient AuditLog log;
    private final transient TenantScopes scopes;
    private transient TenantScope scope = TenantScope.NOWHERE;

    TenantAuditView(AuditLog log, TenantScopes scopes) {
        this.log = log;
        this.scopes = scopes;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        var list = new AuditList(log, new Tenants(scope), new ListState().read(event.getLocation()));
        getContent().removeAll();
        getContent()
                .add(
                        new PageHeader("Audit")
                                .actions(new Button(
                                        "Verify the trail",
                                        VaadinIcon.CHECK_CIRCLE_O.create(),
                                        click -> list.verify())),
                        list);
    }

    private record Tenants(TenantScope scope) implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return scope.call(work);
        }
    }

    @Override
    public String getPageTitle() {
        return "Audit – " + scope.name() + " – Garrison";
    }
}
