package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import io.garrison.tenancy.PasswordResets;
import io.garrison.tenancy.SignInAttempts;
import io.garrison.tenancy.ui.Door;

/** Where the link for a new password leads. */
@Route(value = "password", autoLayout = false)
@PageTitle("New password – Garrison")
@AnonymousAllowed
class PasswordView extends Composite<Door> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient PasswordResets resets;
    private final transient SignInAttempts attempts;
    private String token = "";

    PasswordView(PasswordResets resets, SignInAttempts attempts) {
        this.resets = resets;
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
                        "A new password",
                        "It holds where the link was made. If you have another password elsewhere in this installation,"
                                + " that stays; with the same one you are one person everywhere.")
                .with(new PasswordForm(
                        false,
                        "Set password",
                        (email, password) -> {
                            attempts.admit(VaadinRequest.getCurrent().getRemoteAddr());
                            resets.redeem(token, password);
                        },
                        () -> getUI().ifPresent(ui -> ui.getPage().setLocation("login"))));
    }
}
