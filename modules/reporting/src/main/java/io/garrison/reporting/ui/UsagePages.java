package io.garrison.reporting.ui;

import io.garrison.reporting.UsageRecord;
import io.garrison.tenancy.http.Page;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stretch of usage, page by page. */
interface UsagePages {

    Page<UsageRecord> after(@Nullable String cursor);

    /**
     * @param most records, after which it stops
     * @return whether that was all
     */
    default boolean forEach(int most, Consumer<UsageRecord> each) {
        var seen = 0;
        String cursor = null;
        do {
            var page = after(cursor);
            page.items().forEach(each);
            seen += page.items().size();
            cursor = page.next();
        } while (cursor != null && seen < most);
        return cursor == null;
    }
}
