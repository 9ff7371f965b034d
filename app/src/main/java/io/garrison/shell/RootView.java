package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.spring.security.AuthenticationContext;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Door;
import jakarta.annotation.security.PermitAll;

/**
 * Sends everybody to where they begin: the provider's staff to the provider's overview, members to their tenant. Where
 * the installation has one tenant only, that is where all begin.
 */
@Route(value = "", autoLayout = false)
@PageTitle("Garrison")
@PermitAll
class RootView extends Composite<Door> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient Workspace workspace;
    private final transient AuthenticationContext authentication;
    private final transient DeploymentRules rules;

    RootView(Workspace workspace, AuthenticationContext authentication, DeploymentRules rules) {
        this.workspace = workspace;
        this.authentication = authentication;
        this.rules = rules;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var reader = SignedIn.find();
        if (reader.isPresent() && reader.get().provider() != null && rules.tenantsByHand()) {
            event.forwardTo("overview");
            return;
        }
        if (reader.isPresent()) {
            workspace.available().stream()
                    .findFirst()
                    .ifPresentOrElse(tenant -> event.forwardTo("t/" + tenant.slug()), () -> {
                        if (!rules.tenantsByHand()) {
                            event.forwardTo("licence");
                        }
                    });
        }
    }

    @Override
    protected Door initContent() {
        return new Door(
                        "Nothing to see yet",
                        "Your account belongs to no tenant at this moment. Ask whoever invited you, or sign in as somebody"
                                + " else.")
                .with(new Button("Sign out", click -> authentication.logout()));
    }
}
