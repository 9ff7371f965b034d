package io.garrison.instances.policy;

import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The errors found so far. Bounded, so that a hostile document can't make a huge answer. */
final class Errors {

    static final int MAX = 500;

    private final List<FieldError> found = new ArrayList<>();

    void add(String pointer, String code, String message, @Nullable Object rejected) {
        if (found.size() < MAX) {
            found.add(new FieldError(pointer, code, message, shown(rejected)));
        }
    }

    void add(String pointer, String code, String message) {
        add(pointer, code, message, null);
    }

    /** Adds an error unless the number is in its range. */
    void range(String pointer, @Nullable Integer value, int low, int high) {
        if (value == null || value < low || value > high) {
            add(pointer, "policy.range", "must be %,d to %,d".formatted(low, high), value);
        }
    }

    void atMost(String pointer, List<?> list, int limit) {
        if (list.size() > limit) {
            add(pointer, "policy.too-many", "must hold at most %,d entries, holds %,d".formatted(limit, list.size()));
        }
    }

    private static @Nullable Object shown(@Nullable Object rejected) {
        return rejected instanceof String text && text.length() > 100 ? text.substring(0, 100) + "…" : rejected;
    }

    List<FieldError> found() {
        return List.copyOf(found);
    }
}
