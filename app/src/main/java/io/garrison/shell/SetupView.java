package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import io.garrison.tenancy.FirstAdministrator;
import io.garrison.tenancy.SignInAttempts;
import io.garrison.tenancy.ui.Door;

/** Where the one-time link leads: makes the first platform administrator of an empty installation. */
@Route(value = "setup", autoLayout = false)
@PageTitle("Set up – Garrison")
@AnonymousAllowed
class SetupView extends Composite<Door> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient FirstAdministrator first;
    private final transient SignInAttempts attempts;
    private String token = "";

    SetupView(FirstAdministrator first, SignInAttempts attempts) {
        this.first = first;
        this.attempts = attempts;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        token = event.getLocation()
                .getQueryParameters()
                .getSingleParameter("token")
                .orElse("");
    }

    @Override
    protected Door initContent() {
        if (!first.needed()) {
            return new Door(
                            "This installation is set up",
                            "There is an administrator already. Sign in, or ask them for an invitation.")
                    .with(new Anchor("login", "Sign in"));
        }
        return new Door("Welcome to Garrison", "You become the first administrator of this installation.")
                .with(new PasswordForm(
                        true,
                        "Create administrator",
                        (email, password) -> {
                            attempts.admit(VaadinRequest.getCurrent().getRemoteAddr());
                            first.redeem(token, email, password);
                        },
                        () -> getUI().ifPresent(ui -> ui.getPage().setLocation("login"))));
    }
}
