package io.garrison.instances.ui;

import java.util.Locale;

/** Words of the wire as people read them. */
final class StateWords {

    private StateWords() {}

    /** {@code osVersion} and {@code OUT_OF_SYNC} become {@code Os version} and {@code Out of sync}. */
    static String of(String word) {
        if (word.isEmpty()) {
            return word;
        }
        var text = word.contains("_") || word.equals(word.toUpperCase(Locale.ROOT))
                ? word.replace('_', ' ')
                : word.replaceAll("([a-z])([A-Z])", "$1 $2");
        var lower = text.toLowerCase(Locale.ROOT);
        return Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
    }
}
