package io.garrison.tenancy;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One text for one value, in the manner of RFC 8785: members sorted, no blanks, minimal escapes. Whole numbers are
 * numbers; all other scalars are told as strings, so that no number has two spellings.
 */
final class CanonicalJson {

    private CanonicalJson() {}

    static String of(@Nullable Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Boolean truth -> out.append(truth.booleanValue());
            case Byte number -> out.append(number.intValue());
            case Short number -> out.append(number.intValue());
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case Map<?, ?> members -> writeObject(members, out);
            case Collection<?> items -> writeArray(items, out);
            case Instant instant -> writeString(instant.toString(), out);
            default -> writeString(value.toString(), out);
        }
    }

    private static void writeObject(Map<?, ?> members, StringBuilder out) {
        var sorted = new TreeMap<String, @Nullable Object>();
        members.forEach((name, value) -> sorted.put(String.valueOf(name), value));
        out.append('{');
        var separator = "";
        for (var member : sorted.entrySet()) {
            out.append(separator);
            writeString(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void writeArray(Collection<?> items, StringBuilder out) {
        out.append('[');
        var separator = "";
        for (var item : items) {
            out.append(separator);
            write(item, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20 || isLoneSurrogate(text, i)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** PostgreSQL takes no half of a pair, and UTF-8 has no form for one. */
    private static boolean isLoneSurrogate(String text, int at) {
        var c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
