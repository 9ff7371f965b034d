package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Asks for the name of what is about to be lost. Only for what cannot be undone. */
public final class DangerDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private final Button act;

    /**
     * @param verb on the button, with its object: {@code Revoke sub-licence}
     * @param name what the person has to type
     * @param consequence what will be lost, and what stays
     */
    public DangerDialog(String verb, String name, String consequence, Runnable action) {
        this(verb, name, consequence, new Div(), dialog -> {
            dialog.close();
            action.run();
        });
    }

    private DangerDialog(String verb, String name, String consequence, Component form, Consumer<DangerDialog> action) {
        setHeaderTitle(verb);
        setWidth("min(480px, 92vw)");
        var typed = new TextField("Type “" + name + "” to confirm");
        typed.setWidthFull();
        typed.setAutofocus(true);
        typed.setValueChangeMode(ValueChangeMode.EAGER);
        act = new Button(verb, click -> action.accept(this));
        act.addThemeVariants(ButtonVariant.PRIMARY, ButtonVariant.ERROR);
        act.setEnabled(false);
        typed.addValueChangeListener(
                change -> act.setEnabled(name.equals(change.getValue().strip())));
        add(new Paragraph(consequence), form, typed);
        getFooter().add(new Button("Cancel", click -> close()), act);
    }

    /**
     * With more to be asked before.
     *
     * @param action does it, and tells whether that went through; if not, the dialog stays as it was filled in
     */
    public static DangerDialog asking(
            String verb, String name, String consequence, Component form, BooleanSupplier action) {
        return new DangerDialog(verb, name, consequence, form, dialog -> {
            if (action.getAsBoolean()) {
                dialog.close();
            }
        });
    }
}
