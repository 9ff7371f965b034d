package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.login.LoginForm;
import com.vaadin.flow.component.login.LoginI18n;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import com.vaadin.flow.spring.security.AuthenticationContext;
import io.garrison.tenancy.ui.Door;

/** Sign-in. The form is posted to the security filters, never handled here. */
@Route(value = "login", autoLayout = false)
@PageTitle("Sign in – Garrison")
@AnonymousAllowed
class LoginView extends Composite<Door> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final LoginForm form = new LoginForm();
    private final transient AuthenticationContext authentication;

    LoginView(AuthenticationContext authentication) {
        this.authentication = authentication;
        form.setAction("login");
        form.setForgotPasswordButtonVisible(false);
        form.setI18n(words());
    }

    @Override
    protected Door initContent() {
        return new Door("Sign in to Garrison", "").with(form);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        if (authentication.isAuthenticated()) {
            event.forwardTo("");
            return;
        }
        form.setError(event.getLocation().getQueryParameters().getParameters().containsKey("error"));
    }

    private static LoginI18n words() {
        var words = LoginI18n.createDefault();
        var labels = words.getForm();
        labels.setTitle("");
        labels.setUsername("E-mail address");
        labels.setPassword("Password");
        labels.setSubmit("Sign in");
        var error = words.getErrorMessage();
        error.setTitle("Not signed in");
        error.setMessage(
                "The e-mail address or the password is wrong. After several wrong attempts an account rests for"
                        + " some minutes, and after many of them so does your address, whatever is typed.");
        error.setUsername("Type your e-mail address.");
        error.setPassword("Type your password.");
        words.setErrorMessage(error);
        return words;
    }
}
