package io.garrison.instances;

import org.jspecify.annotations.Nullable;

/** Text that a machine at a customer's site says, made safe to store, log and show. */
final class Told {

    private Told() {}

    /** Without control characters, direction marks and halves of characters, and no longer than the limit. */
    static String text(String told, int limit) {
        var shown = told.replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cf}\\u2028\\u2029]", "?");
        return shown.substring(0, Math.min(shown.length(), limit));
    }

    static @Nullable String textOrNull(@Nullable String told, int limit) {
        return told == null ? null : text(told, limit);
    }
}
