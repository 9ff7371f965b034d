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

/** Where an invitation leads: sets a password, or joins one more house with the password that the person has. */
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
                        "Choose your password. If you have an account here already, type the password that you have.")
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
