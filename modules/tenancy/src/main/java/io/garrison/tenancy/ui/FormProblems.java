package io.garrison.tenancy.ui;

import com.vaadin.flow.component.HasValidation;
import io.garrison.tenancy.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a refusal at the fields that it is about, and the rest of it as a message. What was typed stays. */
public final class FormProblems {

    private final Map<String, HasValidation> fields = new LinkedHashMap<>();

    /** @param name of the field as refusals call it, with or without the slash of a JSON pointer */
    public FormProblems field(String name, HasValidation field) {
        fields.put(key(name), field);
        return this;
    }

    /**
     * Runs the action, and shows what it refuses.
     *
     * @return whether it went through
     */
    public boolean attempt(Runnable action) {
        fields.values().forEach(field -> field.setInvalid(false));
        try {
            action.run();
            return true;
        } catch (Refusal refusal) {
            tell(refusal);
            return false;
        }
    }

    private void tell(Refusal refusal) {
        if (!mark(refusal)) {
            Notices.refused(refusal);
        }
    }

    /**
     * Marks the fields that a refusal is about, with the first of what it says about each.
     *
     * @return whether that tells all of it
     */
    public boolean mark(Refusal refusal) {
        var complete = !refusal.errors().isEmpty();
        var told = new LinkedHashMap<HasValidation, List<String>>();
        for (var error : refusal.errors()) {
            var field = find(error);
            if (field == null) {
                complete = false;
            } else {
                told.computeIfAbsent(field, first -> new ArrayList<>()).add(error.message());
            }
        }
        told.forEach((field, messages) -> {
            var more = messages.size() == 1 ? "" : " (and %d more)".formatted(messages.size() - 1);
            field.setErrorMessage(sentence(messages.getFirst()) + more);
            field.setInvalid(true);
        });
        return complete;
    }

    /** Where a whole list is refused, the message begins with the name of the part that is meant. */
    private @Nullable HasValidation find(Refusal.FieldError error) {
        var field = fields.get(key(error.field()));
        var colon = error.message().indexOf(':');
        return field == null && colon > 0
                ? fields.get(key(error.field()) + "/" + error.message().substring(0, colon))
                : field;
    }

    private static String key(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static String sentence(String message) {
        return message.isEmpty() ? message : message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }
}
