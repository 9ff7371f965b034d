package io.garrison.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Wall and processor time of a stretch of work: of the processes that take part, and of everybody else on the machine. */
final class Watch {

    /** From this many cores on, the load of others spoils what is measured. */
    static final double MOST_FOREIGN_CORES = 0.5;

    private final Usage usage;
    private final Map<String, Double> before;
    private final double[] machineBefore;
    private final long begin;

    /** Processor time so far, in seconds, of all that take part. */
    private interface Usage {
        Map<String, Double> seconds() throws IOException;
    }

    private Watch(Usage usage) throws IOException {
        this.usage = usage;
        before = usage.seconds();
        machineBefore = machine();
        begin = System.nanoTime();
    }

    /** @param processes name and process id of all that take part; each counts with its descendants */
    static Watch start(Map<String, Long> processes) throws IOException {
        return new Watch(() -> cpu(processes));
    }

    /** Of all in a group. Without one, of this process and its descendants: who has left its tree counts as foreign. */
    static Watch start(Optional<ControlGroup> group) throws IOException {
        return group.isPresent()
                ? new Watch(() -> Map.of("benchmark", group.get().cpuSeconds()))
                : start(Map.of("benchmark", ProcessHandle.current().pid()));
    }

    Taken stop() throws IOException {
        double wall = (System.nanoTime() - begin) / 1e9;
        var machine = machine();
        var spent = new LinkedHashMap<String, Double>();
        usage.seconds().forEach((name, now) -> spent.put(name, now - before.getOrDefault(name, 0.0)));
        double ours = spent.values().stream().mapToDouble(Double::doubleValue).sum();
        double foreign = Math.max(0, machine[0] - machineBefore[0] - ours) / wall;
        return new Taken(wall, spent, foreign, machine[1] - machineBefore[1], loadAverage());
    }

    private static Map<String, Double> cpu(Map<String, Long> processes) throws IOException {
        var seconds = new LinkedHashMap<String, Double>();
        for (var process : processes.entrySet()) {
            seconds.put(process.getKey(), ProcessFigures.treeCpuSeconds(process.getValue()));
        }
        return seconds;
    }

    /** Busy and stolen seconds of all processors together. */
    private static double[] machine() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            var ticks = Arrays.stream(
                            lines.findFirst().orElseThrow().substring(3).strip().split(" +"))
                    .mapToLong(Long::parseLong)
                    .toArray();
            // user nice system idle iowait irq softirq steal
            double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
            return new double[] {busy / ProcessFigures.TICKS_PER_SECOND, ticks[7] / ProcessFigures.TICKS_PER_SECOND};
        }
    }

    private static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).strip();
    }

    /**
     * @param cpuSeconds by process
     * @param foreignCores how many cores others kept busy meanwhile
     * @param stealSeconds that the hypervisor gave to other machines, all processors together
     */
    record Taken(
            double wallSeconds,
            Map<String, Double> cpuSeconds,
            double foreignCores,
            double stealSeconds,
            String loadAverage) {

        double allCpuSeconds() {
            return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        boolean isDisturbed() {
            return foreignCores > MOST_FOREIGN_CORES;
        }
    }
}
