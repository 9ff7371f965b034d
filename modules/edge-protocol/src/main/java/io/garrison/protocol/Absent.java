package io.garrison.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Defaults for what a JSON document left out. */
final class Absent {

    private Absent() {}

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
