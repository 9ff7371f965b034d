package io.garrison.edge.state;

import io.garrison.edge.state.EdgeConfig.InvalidSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings as words of a file, taken one after the other; what nobody took is unknown. Not thread-safe. */
final class Words {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|m)");

    private final Map<String, String> left;
    private final List<String> known = new ArrayList<>();

    Words(Map<String, String> settings) {
        left = new TreeMap<>(settings);
    }

    @Nullable
    String text(String key) {
        known.add(key);
        var value = left.remove(key);
        return value == null || value.isBlank() ? null : value.strip();
    }

    String text(String key, String otherwise) {
        var value = text(key);
        return value == null ? otherwise : value;
    }

    boolean flag(String key, boolean otherwise) {
        var value = text(key);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidSetting(key, "must be true or false, not " + value);
        };
    }

    int number(String key, int otherwise, int least, int most) {
        var value = text(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InvalidSetting(key, "must be a whole number from " + least + " to " + most + ", not " + value);
    }

    /** Such as {@code 10s}, {@code 500ms}, {@code 2m}. */
    Duration duration(String key, Duration otherwise, Duration least, Duration most) {
        var value = text(key);
        if (value == null) {
            return otherwise;
        }
        var matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            var duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                default -> Duration.ofMinutes(count);
            };
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        }
        throw new InvalidSetting(
                key, "must be a duration from " + written(least) + " to " + written(most) + ", not " + value);
    }

    @Nullable
    Path file(String key) {
        var value = text(key);
        if (value == null) {
            return null;
        }
        var path = Path.of(value);
        if (!path.isAbsolute()) {
            throw new InvalidSetting(key, "must be an absolute path, not " + value);
        }
        return path;
    }

    /** @param parse throws {@link IllegalArgumentException} saying what is wrong with the word */
    <T> List<T> list(String key, int most, Function<String, T> parse) {
        var value = text(key);
        var found = new ArrayList<T>();
        for (var word : value == null ? new String[0] : value.split(",")) {
            if (!word.isBlank()) {
                found.add(parsed(key, word.strip(), parse));
            }
        }
        if (found.size() > most) {
            throw new InvalidSetting(key, "may name at most " + most + ", not " + found.size());
        }
        return List.copyOf(found);
    }

    static <T> T parsed(String key, String word, Function<String, T> parse) {
        try {
            return parse.apply(word);
        } catch (InvalidSetting e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting(key, String.valueOf(e.getMessage()));
        }
    }

    /** @throws InvalidSetting for the first setting that nobody took */
    void end() {
        for (var key : left.keySet()) {
            throw new InvalidSetting(key, "is unknown; known are " + String.join(", ", known));
        }
    }

    /** Keys that were asked for. */
    List<String> known() {
        return List.copyOf(known);
    }

    static String written(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
