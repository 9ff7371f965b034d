package io.garrison.instances.availability;

import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The errors found so far, at most {@value #MAX}. */
final class Findings {

    private static final int MAX = 200;
    private static final int SHOWN = 100;

    private final List<FieldError> found = new ArrayList<>();

    void add(String field, String code, String message, @Nullable Object rejected) {
        if (found.size() < MAX) {
            var shown = rejected instanceof String text && text.length() > SHOWN ? text.substring(0, SHOWN) : rejected;
            found.add(new FieldError(field, code, message, shown));
        }
    }

    void range(String field, long value, long low, long high, String unit) {
        if (value < low || value > high) {
            var what = unit.isEmpty() ? "" : " " + unit;
            add(field, "ha.range", "must be %,d to %,d%s".formatted(low, high, what), value);
        }
    }

    List<FieldError> all() {
        return List.copyOf(found);
    }
}
