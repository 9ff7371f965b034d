package io.garrison.bench;

import io.garrison.acceptance.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where figures are kept: {@code bench/results/<name>-<time>.json}, with the machine that they were measured on. */
final class Results {

    private static final Path DIRECTORY = Path.of("results");

    private Results() {}

    static void keep(String name, Map<String, Object> figures) throws IOException {
        var at = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
        var all = new LinkedHashMap<String, Object>();
        all.put("benchmark", name);
        all.put("at", at.toString());
        all.put("cores", Runtime.getRuntime().availableProcessors());
        all.put("loadAverage", Files.readString(Path.of("/proc/loadavg")).strip());
        all.put("java", Runtime.version().toString());
        all.put("kernel", System.getProperty("os.version"));
        all.putAll(figures);
        Files.createDirectories(DIRECTORY);
        var file = DIRECTORY.resolve(name + "-" + at.toString().replace(":", "") + ".json");
        Files.writeString(file, Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
        System.out.println(name + ": " + figures.get("summary"));
        if (Boolean.TRUE.equals(figures.get("disturbed"))) {
            System.out.println("  DISTURBED: others kept more than half a core busy; measure again on a quiet machine");
        }
        System.out.println("  " + file);
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
