package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts validation errors beside the fields that they are about, and lists the others. */
final class FieldErrors {

    private final Map<String, HasValidation> fields = new LinkedHashMap<>();
    private final UnorderedList others = new UnorderedList();

    FieldErrors() {
        others.addClassNames("problems", "wide");
        others.setVisible(false);
        others.getElement().setAttribute("role", "alert");
    }

    /** @param pointer within the object that is edited; errors below it are shown here too */
    FieldErrors at(String pointer, HasValidation field) {
        fields.put(pointer, field);
        return this;
    }

    /** Forgets the fields whose pointer begins so, because they are gone. */
    void forget(String prefix) {
        fields.keySet().removeIf(pointer -> pointer.startsWith(prefix));
    }

    UnorderedList others() {
        return others;
    }

    void show(List<FieldError> errors) {
        fields.values().forEach(field -> field.setInvalid(false));
        List<String> rest = new ArrayList<>();
        for (var error : errors) {
            var field = nearest(error.field());
            if (field == null) {
                rest.add(error.message());
            } else if (!field.isInvalid()) {
                field.setErrorMessage(sentence(error.message()));
                field.setInvalid(true);
            }
        }
        others.removeAll();
        rest.stream().distinct().forEach(message -> others.add(new ListItem(sentence(message))));
        others.setVisible(!rest.isEmpty());
    }

    private @org.jspecify.annotations.Nullable HasValidation nearest(String pointer) {
        for (var at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
            var field = fields.get(at);
            if (field != null) {
                return field;
            }
            if (at.lastIndexOf('/') < 0) {
                return null;
            }
        }
    }

    /** Whether any is shown within. */
    static boolean areIn(Component part) {
        return part instanceof HasValidation field && field.isInvalid()
                || part.getChildren().anyMatch(FieldErrors::areIn);
    }

    static String sentence(String message) {
        return message.isEmpty() ? message : message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }
}
