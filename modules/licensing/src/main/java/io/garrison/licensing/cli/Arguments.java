package io.garrison.licensing.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command line: words, flags, and options with a value. */
record Arguments(List<String> words, Set<String> flags, Map<String, String> options) {

    /** Wrong usage; the message says what is right. */
    static final class WrongUsage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }

    /**
     * @param flags options without a value that are known here
     * @param options options with a value that are known here
     */
    static Arguments parse(List<String> arguments, Set<String> flags, Set<String> options) {
        var words = new ArrayList<String>();
        var values = new HashMap<String, String>();
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            var argument = rest.next();
            if (!argument.startsWith("--")) {
                words.add(argument);
                continue;
            }
            String value = "";
            if (options.contains(argument)) {
                if (!rest.hasNext()) {
                    throw new WrongUsage(argument + " needs a value");
                }
                value = rest.next();
            } else if (!flags.contains(argument)) {
                throw new WrongUsage("unknown option " + argument);
            }
            if (values.putIfAbsent(argument, value) != null) {
                throw new WrongUsage(argument + " is given twice");
            }
        }
        return new Arguments(words, flags, values);
    }

    void expectWords(int count, String usage) {
        if (words.size() != count) {
            throw new WrongUsage("usage: garrison license " + usage);
        }
    }

    boolean has(String flag) {
        return options.containsKey(flag);
    }

    Optional<String> find(String option) {
        return Optional.ofNullable(options.get(option));
    }

    String text(String option) {
        return find(option).orElseThrow(() -> new WrongUsage(option + " is missing"));
    }

    Path path(String option) {
        return path(text(option), option);
    }

    static Path path(String text, String what) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new WrongUsage(what + " is not a path");
        }
    }

    long number(String option, long min, long max) {
        var text = text(option);
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new WrongUsage("%s must be a whole number, not \"%s\"".formatted(option, text));
        }
        throw new WrongUsage("%s must be from %d to %d".formatted(option, min, max));
    }
}
