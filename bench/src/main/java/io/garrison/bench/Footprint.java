package io.garrison.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What an installation takes, part by part.
 *
 * @param parts by name: {@code management}, {@code postgresql}, {@code kafka}, {@code opensearch}, {@code agent},
 *     {@code haproxy}
 * @param diskMebibytes of its directory, in whole blocks
 */
record Footprint(Map<String, Part> parts, double diskMebibytes, boolean disturbed) {

    private static final List<Map.Entry<String, String>> PARTS = List.of(
            Map.entry("io.garrison.edge.Main", "agent"),
            Map.entry("io.garrison.GarrisonApplication serve", "management"),
            Map.entry("io.garrison.GarrisonApplication servers", ""), // only keeps the stores
            Map.entry("io.garrison.GarrisonApplication", "management"),
            Map.entry("kafka.Kafka", "kafka"),
            Map.entry("OpenSearch", "opensearch"),
            Map.entry("postgres", "postgresql"),
            Map.entry("balancer.cfg", ""),
            Map.entry("haproxy", "haproxy"));

    /**
     * @param count of processes
     * @param memoryMebibytes proportional set size of all of them at the end
     * @param cpuPercentOfACore meanwhile
     */
    record Part(long count, double memoryMebibytes, double cpuPercentOfACore) {}

    /** Watches for a while everything that this process has started, and what names the directory. */
    static Footprint over(int seconds, Path directory) throws IOException, InterruptedException {
        var watch = Watch.start(Map.of("benchmark", ProcessHandle.current().pid()));
        var before = new HashMap<Long, Double>();
        for (var process : processes(directory)) {
            before.put(process.pid(), cpu(process.pid()));
        }
        TimeUnit.SECONDS.sleep(seconds);
        var parts = new TreeMap<String, Part>();
        for (var process : processes(directory)) {
            part(process).ifPresent(name -> {
                long pid = process.pid();
                double spent = cpu(pid) - before.getOrDefault(pid, 0.0);
                parts.merge(name, new Part(1, memory(pid), spent / seconds * 100), Footprint::sum);
            });
        }
        var taken = watch.stop();
        return new Footprint(parts, disk(directory), taken.isDisturbed());
    }

    double memoryMebibytes() {
        return parts.values().stream().mapToDouble(Part::memoryMebibytes).sum();
    }

    double cpuPercentOfACore() {
        return parts.values().stream().mapToDouble(Part::cpuPercentOfACore).sum();
    }

    Map<String, Object> figures() {
        var told = new LinkedHashMap<String, Object>();
        parts.forEach((name, part) -> told.put(
                name,
                Map.of(
                        "processes", part.count(),
                        "memoryMebibytes", Math.round(part.memoryMebibytes() * 10) / 10.0,
                        "cpuPercentOfACore", Math.round(part.cpuPercentOfACore() * 100) / 100.0)));
        return Map.of("parts", told, "diskMebibytes", Math.round(diskMebibytes * 10) / 10.0);
    }

    private static Part sum(Part one, Part other) {
        return new Part(
                one.count() + other.count(),
                one.memoryMebibytes() + other.memoryMebibytes(),
                one.cpuPercentOfACore() + other.cpuPercentOfACore());
    }

    private static List<ProcessHandle> processes(Path directory) {
        // HAProxy leaves its parent; it names its files.
        return Stream.concat(
                        ProcessHandle.current().descendants(),
                        ProcessHandle.allProcesses()
                                .filter(process -> command(process).contains(directory.toString())))
                .distinct()
                .toList();
    }

    private static java.util.Optional<String> part(ProcessHandle process) {
        var command = command(process);
        return PARTS.stream()
                .filter(part -> command.contains(part.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .filter(name -> !name.isEmpty());
    }

    private static String command(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static double cpu(long pid) {
        try {
            return ProcessFigures.cpuSeconds(pid);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double memory(long pid) {
        try {
            return ProcessFigures.pssMebibytes(pid);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double disk(Path directory) throws IOException, InterruptedException {
        var du = new ProcessBuilder("du", "-sk", directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var line = new String(du.getInputStream().readAllBytes());
        du.waitFor();
        return Long.parseLong(line.split("\\s")[0]) / 1024.0;
    }
}
