package io.garrison.bench;

import io.garrison.acceptance.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Start of an installation on data that exists, with the ahead-of-time cache and without, in ABBA order. The cache is
 * required in its arm, so that one that the JVM does not take is a failure and not a slow start.
 */
final class StartBenchmark implements Benchmark {

    private static final int ROUNDS = 5;
    private static final double GOAL_SECONDS = 5;
    private static final Pattern STARTED = Pattern.compile("Started \\S+ in ([0-9.]+) seconds");

    private enum Arm {
        CACHE,
        NO_CACHE
    }

    /**
     * @param readySeconds from the command to READY, embedded servers included
     * @param applicationSeconds of it, Spring's own part
     * @param applicationCpuSeconds of the application's process until READY, its servers not included
     * @param foreignCores that others kept busy meanwhile
     */
    private record Start(
            double readySeconds, double applicationSeconds, double applicationCpuSeconds, double foreignCores) {}

    @Override
    public Map<String, Object> run() throws Exception {
        var starts = new LinkedHashMap<Arm, List<Start>>();
        try (var installation = new Installation(1)) {
            installation.stop();
            for (int round = 0; round < ROUNDS; round++) {
                var order = List.of(Arm.values());
                for (var arm : round % 2 == 0 ? order : order.reversed()) {
                    starts.computeIfAbsent(arm, ignored -> new ArrayList<>()).add(start(installation, arm));
                    installation.stop();
                }
            }
        }
        return figures(starts);
    }

    private static Start start(Installation installation, Arm arm) throws IOException {
        var watch = Watch.start(Map.of("benchmark", ProcessHandle.current().pid()));
        installation.start(Map.of("GARRISON_AOT", arm == Arm.CACHE ? "required" : "off"));
        var taken = watch.stop(); // the benchmark's tree has the installation in it
        double cpu = ProcessFigures.cpuSeconds(installation.process().pid());
        var log = installation.directory.resolve("data").resolve("logs").resolve("garrison.log");
        double own = STARTED.matcher(Files.readString(log))
                .results()
                .reduce((earlier, later) -> later)
                .map(found -> Double.parseDouble(found.group(1)))
                .orElseThrow(() -> new IllegalStateException("no start in " + log));
        return new Start(taken.wallSeconds(), own, cpu, taken.foreignCores());
    }

    private static Map<String, Object> figures(Map<Arm, List<Start>> starts) {
        var with = starts.getOrDefault(Arm.CACHE, List.of());
        var without = starts.getOrDefault(Arm.NO_CACHE, List.of());
        var wall = Ratio.of(
                with.stream().map(Start::applicationSeconds).toList(),
                without.stream().map(Start::applicationSeconds).toList());
        var cpu = Ratio.of(
                with.stream().map(Start::applicationCpuSeconds).toList(),
                without.stream().map(Start::applicationCpuSeconds).toList());
        double ready = Results.median(with.stream().map(Start::readySeconds).toList());
        double application =
                Results.median(with.stream().map(Start::applicationSeconds).toList());
        var figures = new LinkedHashMap<String, Object>();
        figures.put("starts", starts);
        figures.put(
                "disturbed",
                starts.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(start -> start.foreignCores() > Watch.MOST_FOREIGN_CORES));
        figures.put("applicationSecondsAgainstNoCache", wall);
        figures.put("applicationCpuAgainstNoCache", cpu);
        figures.put(
                "summary",
                ("with the cache: READY after %.1f s, of which the application %.1f s (%.2f of %.0f s);"
                                + " against none: application %s, its CPU %s")
                        .formatted(ready, application, application / GOAL_SECONDS, GOAL_SECONDS, wall, cpu));
        return figures;
    }
}
