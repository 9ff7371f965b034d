package io.garrison.instances.web;

import io.garrison.instances.HaException;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields that answers tell and nobody sets. Whoever reads, changes a value and writes back may leave them in as they were
 * read; another value is refused, because somebody believes that it does something.
 */
final class ToldOnly {

    private final List<FieldError> errors = new ArrayList<>();

    /** @param told each of what it may be */
    ToldOnly field(String field, @Nullable Object sent, Object... told) {
        if (sent != null && !List.of(told).contains(sent)) {
            errors.add(new FieldError(
                    field, "ha.told-only", "is told and not set: leave it out, or send it as it was read", sent));
        }
        return this;
    }

    /** @throws HaException.Invalid if one of them has another value */
    void check() {
        if (!errors.isEmpty()) {
            throw new HaException.Invalid(errors);
        }
    }
}
