package io.garrison.tenancy.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next cursor for {@code ?after=}; absent on the last page
 */
public record Page<T>(List<T> items, @Nullable String next) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 500;

    /**
     * Makes a page of one row more than was asked for: the surplus row only tells that there is a next page.
     *
     * @param rows at most {@code limit + 1}
     * @param cursor of a row, for the last one that is shown
     */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        var shown = List.copyOf(rows.subList(0, limit));
        return new Page<>(shown, cursor.apply(shown.getLast()));
    }

    public <R> Page<R> map(Function<? super T, ? extends R> mapping) {
        return new Page<R>(items.stream().<R>map(mapping).toList(), next);
    }
}
