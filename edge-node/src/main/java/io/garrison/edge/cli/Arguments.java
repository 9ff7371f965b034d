package io.garrison.edge.cli;

import io.garrison.edge.state.StateDirectory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of a command: {@code --name value} and {@code --flag}. Each at most once, but {@code --set}. */
record Arguments(Map<String, String> values, Set<String> flags, Map<String, String> settings) {

    /** What was asked for makes no sense as it stands. */
    static final class WrongUsage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }

    static Arguments parse(List<String> arguments, Set<String> valued, Set<String> flagged) {
        var values = new HashMap<String, String>();
        var settings = new LinkedHashMap<String, String>();
        var flags = new ArrayList<String>();
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            var option = rest.next();
            if (flagged.contains(option)) {
                flags.add(option);
            } else if (!valued.contains(option)) {
                throw new WrongUsage("unknown option " + option);
            } else if (!rest.hasNext()) {
                throw new WrongUsage(option + " needs a value");
            } else if (option.equals("--set")) {
                set(settings, rest.next());
            } else if (values.put(option, rest.next()) != null) {
                throw new WrongUsage(option + " is given twice");
            }
        }
        return new Arguments(values, Set.copyOf(flags), settings);
    }

    String required(String option) {
        return optional(option).orElseThrow(() -> new WrongUsage(option + " is missing"));
    }

    Optional<String> optional(String option) {
        return Optional.ofNullable(values.get(option)).filter(value -> !value.isBlank());
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    StateDirectory state() {
        required("--state");
        return new StateDirectory(path("--state").orElseThrow());
    }

    Optional<Path> path(String option) {
        try {
            return optional(option).map(Path::of);
        } catch (InvalidPathException e) {
            throw new WrongUsage(option + " is not a path");
        }
    }

    private static void set(Map<String, String> settings, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new WrongUsage("--set takes key=value, not " + assignment);
        }
        if (settings.put(assignment.substring(0, equals), assignment.substring(equals + 1)) != null) {
            throw new WrongUsage(assignment.substring(0, equals) + " is set twice");
        }
    }
}
