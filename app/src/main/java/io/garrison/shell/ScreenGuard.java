package io.garrison.shell;

import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinServiceInitListener;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScopes;
import org.springframework.stereotype.Component;

/**
 * Lets nobody to a page that they lack the permission for, whichever way they came: navigation within the application
 * never passes the address rules of the security filters. What is refused looks like what does not exist.
 */
@Component
class ScreenGuard implements VaadinServiceInitListener {
    private static final long serialVersionUID = 1L;

    private final transient TenantScopes scopes;
    private final transient DeploymentRules rules;

    ScreenGuard(TenantScopes scopes, DeploymentRules rules) {
        this.scopes = scopes;
        this.rules = rules;
    }

    @Override
    public void serviceInit(ServiceInitEvent event) {
        event.getSource().addUIInitListener(start -> start.getUI().addBeforeEnterListener(this::check));
    }

    private void check(BeforeEnterEvent event) {
        var screen = event.getNavigationTarget().getAnnotation(Screen.class);
        if (screen != null && SignedIn.find().isPresent() && !isAllowed(screen, event)) {
            event.rerouteToError(NotFoundException.class);
        }
    }

    private boolean isAllowed(Screen screen, BeforeEnterEvent event) {
        if (screen.standaloneOnly() && rules.mode() != DeploymentMode.STANDALONE) {
            return false;
        }
        if (!screen.ofTenant()) {
            // Where the one tenant comes with its sub-licence, there is no provider's house to look around in.
            return rules.tenantsByHand() && scopes.mayInProvider(screen.permission());
        }
        try {
            return scopes.of(event).may(screen.permission());
        } catch (Refusal refusal) {
            return false; // not the reader's tenant
        }
    }
}
