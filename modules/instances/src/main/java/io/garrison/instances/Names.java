package io.garrison.instances;

import java.util.regex.Pattern;

/** What things may be called. */
final class Names {

    static final String OF_STACK_RULE = "must be 1 to 63 characters: letters, digits, '.', '_', '-', and blanks inside";
    static final String OF_PART_RULE = "must be 1 to 63 characters: letters, digits, '.', '_', '-'";

    private static final Pattern STACK =
            Pattern.compile("[\\p{L}\\p{N}._-]([\\p{L}\\p{N}._ -]{0,61}[\\p{L}\\p{N}._-])?");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private Names() {}

    static boolean isStackName(String name) {
        return name.length() <= 63 && STACK.matcher(name).matches();
    }

    static boolean isPartName(String name) {
        return PART.matcher(name).matches();
    }

    /** A name for an instance from what it was called, or what the machine says of itself; never empty. */
    static String ofInstance(String told) {
        var clean = told.replaceAll("[^A-Za-z0-9._-]", "-");
        if (clean.isBlank()) {
            return "edge";
        }
        return clean.substring(0, Math.min(clean.length(), 57));
    }
}
