package io.garrison.instances.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.Tabs;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.ConfigurationMoves;
import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.InstanceManagement;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;

/** Takes a tenant's configuration to another installation, or over from one, as when its deployment mode changes. */
@Route("t/:tenant/configuration-move")
@Screen(permission = Permission.STACK_MANAGE, ofTenant = true)
@PermitAll
class MoveView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    /** Address within the tenant's pages. */
    static final String PATH = "configuration-move";

    static final String COMING = "coming";

    private final transient ConfigurationMoves moves;
    private final transient InstanceManagement instances;
    private final transient SubLicenseAdministration licenses;
    private final transient EnrollmentTokens tokens;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private final Div body = new Div();
    private transient TenantScope scope = TenantScope.NOWHERE;

    MoveView(
            ConfigurationMoves moves,
            InstanceManagement instances,
            SubLicenseAdministration licenses,
            EnrollmentTokens tokens,
            TenantScopes scopes) {
        this.moves = moves;
        this.instances = instances;
        this.licenses = licenses;
        this.tokens = tokens;
        this.scopes = scopes;
        getContent().addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        state.read(event.getLocation());
        getContent().removeAll();
        getContent().add(new PageHeader("Move configuration").under("Stacks", scope.path("stacks")), tabs(), body);
    }

    private Tabs tabs() {
        var leaving = new Tab("Move to another installation");
        var coming = new Tab("Take over a configuration");
        var tabs = new Tabs(leaving, coming);
        tabs.setWidthFull();
        var wanted = state.get("tab").orElse("").equals(COMING);
        tabs.setSelectedTab(wanted ? coming : leaving);
        tabs.addSelectedChangeListener(change -> {
            var here = change.getSelectedTab() == coming;
            state.put("tab", here ? COMING : "");
            show(here);
        });
        show(wanted);
        return tabs;
    }

    private void show(boolean coming) {
        body.removeAll();
        body.add(
                coming ? new TakeOverPanel(moves, licenses, tokens, scope) : new LeavingPanel(moves, instances, scope));
    }

    @Override
    public String getPageTitle() {
        return "Move configuration – " + scope.name() + " – Garrison";
    }
}
