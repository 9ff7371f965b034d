package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.Autocomplete;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.PasswordField;
import io.garrison.tenancy.ui.FormProblems;
import java.util.function.BiConsumer;

/** Sets a first password, typed twice. */
final class PasswordForm extends Composite<Div> {
    private static final long serialVersionUID = 1L;

    private final EmailField email = new EmailField("E-mail address");
    private final PasswordField password = new PasswordField("Password");
    private final PasswordField again = new PasswordField("Password again");

    /**
     * @param asksEmail whether the address is not known yet
     * @param accept takes address and password; its refusals are shown at the fields
     * @param done what follows
     */
    PasswordForm(boolean asksEmail, String verb, BiConsumer<String, String> accept, Runnable done) {
        getContent().addClassName("stacked");
        email.setVisible(asksEmail);
        email.setAutocomplete(Autocomplete.USERNAME);
        password.setAutocomplete(Autocomplete.NEW_PASSWORD);
        password.setHelperText("At least 12 characters; a sentence is good");
        again.setAutocomplete(Autocomplete.NEW_PASSWORD);
        email.setWidthFull();
        password.setWidthFull();
        again.setWidthFull();
        var problems = new FormProblems().field("email", email).field("password", password);
        var go = new Button(verb, click -> {
            again.setInvalid(!again.getValue().equals(password.getValue()));
            again.setErrorMessage("The two are different.");
            if (!again.isInvalid()
                    && problems.attempt(() -> accept.accept(email.getValue().strip(), password.getValue()))) {
                done.run();
            }
        });
        go.addThemeVariants(ButtonVariant.PRIMARY);
        go.addClickShortcut(com.vaadin.flow.component.Key.ENTER);
        getContent().add(email, password, again, go);
    }
}
