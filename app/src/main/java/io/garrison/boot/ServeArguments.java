package io.garrison.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code garrison serve} and {@code garrison migrate} are told on the command line. Everything else comes from
 * settings.
 *
 * @param settings directory with a file for each setting, named like it; null if the environment holds them all
 */
record ServeArguments(@Nullable Path settings) {

    static final String OPTIONS = "[--settings DIR]";

    /** @throws UsageException if an option is unknown, lacks its value, or names no directory */
    static ServeArguments parse(List<String> words) throws UsageException {
        Path settings = null;
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!option.equals("--settings")) {
                throw new UsageException("unknown option " + option);
            }
            settings = Path.of(UpArguments.value(option, rest)).toAbsolutePath();
            if (!Files.isDirectory(settings)) {
                throw new UsageException("--settings needs a directory, and " + settings + " is none");
            }
        }
        return new ServeArguments(settings);
    }

    /**
     * The settings that files hold: each file's name with its content, without the line break at its end, which editors
     * and echo add and nobody means as part of a password. Names that begin with a dot are not settings; where an
     * orchestrator mounts files, they are its own.
     *
     * @throws IOException if the directory or a file cannot be read
     */
    Map<String, Object> fromFiles() throws IOException {
        var values = new TreeMap<String, Object>();
        if (settings == null) {
            return values;
        }
        try (var files = Files.newDirectoryStream(settings, file -> Files.isRegularFile(file))) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    values.put(name, Files.readString(file).replaceAll("[\\r\\n]+$", ""));
                }
            }
        }
        return values;
    }
}
