package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import io.garrison.tenancy.Invitations;
import io.garrison.tenancy.SignInAttempts;
import io.garrison.tenancy.ui.Door;

/** Where an invitation leads: sets a password; with one that the person has already, both houses are open to it. */
@Route(value = "invitation", autoLayout = false)
@PageTitle("Invitation – Garrison")
@AnonymousAllowed
class InvitationView extends Composite<Door> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient Invitations invitations;
    private final transient SignInAttempts attempts;
    private String token = "";

    InvitationView(Invitations invitations, SignInAttempts attempts) {
        this.invitations = invitations;
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
        return new Door(
                        "You are invited",
                        "Choose your password. If you have one here already, type that, and you sign in to both with it.")
                .with(new PasswordForm(
                        false,
                        "Accept invitation",
                        (email, password) -> {
                            attempts.admit(VaadinRequest.getCurrent().getRemoteAddr());
                            invitations.accept(token, password);
                        },
                        () -> getUI().ifPresent(ui -> ui.getPage().setLocation("login"))));
    }
}
