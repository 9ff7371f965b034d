package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextArea;
import org.jspecify.annotations.Nullable;

/** Why something is done, for the history. */
final class ReasonField extends Div {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 500;

    private final TextArea text = new TextArea("Reason");

    ReasonField() {
        addClassName("wide");
        text.setHelperText("For whoever reads the history; up to 500 characters");
        text.setMaxLength(MOST);
        text.setMinRows(2);
        text.setWidthFull();
        add(text);
    }

    void onChange(Runnable changed) {
        text.addValueChangeListener(change -> changed.run());
    }

    @Nullable
    String reason() {
        return text.getValue().isBlank() ? null : text.getValue().strip();
    }

    boolean isComplete() {
        var fits = text.getValue().length() <= MOST;
        if (!fits) {
            text.setErrorMessage(
                    "Has %d characters; at most %d".formatted(text.getValue().length(), MOST));
            text.setInvalid(true);
        }
        return fits;
    }
}
