package io.garrison.instances.ui;

import com.vaadin.flow.component.HasValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which fields of a form a person has changed since it was filled. */
final class Touched {

    private final Set<HasValue<?, ?>> fields = new LinkedHashSet<>();
    private boolean filling;
    private Runnable changed = () -> {};

    void watch(HasValue<?, ?>... all) {
        for (var field : all) {
            field.addValueChangeListener(change -> {
                if (!filling) {
                    fields.add(field);
                    changed.run();
                }
            });
        }
    }

    /** To be told of each change that a person makes. */
    void onChange(Runnable told) {
        changed = told;
    }

    boolean is(HasValue<?, ?> field) {
        return fields.contains(field);
    }

    void forget(HasValue<?, ?> field) {
        fields.remove(field);
    }

    /** @param work sets values that nobody has typed */
    void fill(Runnable work) {
        filling = true;
        try {
            work.run();
        } finally {
            filling = false;
        }
        fields.clear();
    }

    /** As {@link #fill}, and what was typed stays. */
    void fillAround(Runnable work) {
        var typed = List.copyOf(fields);
        var back = typed.stream().map(Touched::back).toList();
        fill(work);
        back.forEach(Runnable::run);
        fields.addAll(typed);
    }

    private static <V> Runnable back(HasValue<?, V> field) {
        var value = field.getValue();
        return () -> field.setValue(value);
    }
}
