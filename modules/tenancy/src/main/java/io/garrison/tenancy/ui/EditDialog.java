package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import java.util.function.BooleanSupplier;

/** A form that is saved as a whole. A failed save keeps what was typed; leaving with changes asks first. */
public final class EditDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private final Button save;
    private boolean dirty;

    /**
     * @param verb on the button: {@code Save service}
     * @param action saves, and tells whether that went through
     */
    public EditDialog(String title, String verb, Component form, BooleanSupplier action) {
        setHeaderTitle(title);
        setWidth("min(560px, 96vw)");
        setMaxHeight("94vh");
        setCloseOnOutsideClick(false);
        setCloseOnEsc(false);
        save = new Button(verb, click -> {
            if (action.getAsBoolean()) {
                close();
            }
        });
        save.addThemeVariants(ButtonVariant.PRIMARY);
        save.setDisableOnClick(false);
        var cancel = new Button("Cancel", click -> leave());
        cancel.addClickShortcut(Key.ESCAPE).listenOn(this);
        add(form);
        getFooter().add(cancel, save);
    }

    /** For forms of many fields. */
    public EditDialog wide() {
        setWidth("min(860px, 96vw)");
        return this;
    }

    /** To be called when a field changes. */
    public void changed() {
        dirty = true;
    }

    private void leave() {
        if (!dirty) {
            close();
            return;
        }
        UnsavedChanges.ask("It has not been saved.", this::close);
    }
}
