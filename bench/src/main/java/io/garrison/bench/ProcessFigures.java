package io.garrison.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of a process (proc(5)). */
final class ProcessFigures {

    static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final int CHILDRENS_SYSTEM_TIME = 14;

    private ProcessFigures() {}

    /** User and system time so far, its children apart. */
    static double cpuSeconds(long pid) throws IOException {
        return seconds(pid, 2);
    }

    /** User and system time so far of the process, of its descendants, and of those that have ended and were waited for. */
    static double treeCpuSeconds(long pid) throws IOException {
        double sum = 0;
        var tree = ProcessHandle.of(pid).stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .toList();
        for (var process : tree) {
            try {
                sum += seconds(process.pid(), CHILDRENS_SYSTEM_TIME - USER_TIME + 1);
            } catch (NoSuchFileException e) {
                // It has just ended, and its parent has its time.
            }
        }
        return sum;
    }

    private static double seconds(long pid, int fields) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var values = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        return values.subList(USER_TIME, USER_TIME + fields).stream()
                        .mapToLong(Long::parseLong)
                        .sum()
                / TICKS_PER_SECOND;
    }

    /** Proportional set size, in MiB. */
    static double pssMebibytes(long pid) throws IOException {
        return mebibytes(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss:");
    }

    /** The largest resident set size so far, in MiB. */
    static double peakRssMebibytes(long pid) throws IOException {
        return mebibytes(Path.of("/proc/" + pid + "/status"), "VmHWM:");
    }

    private static double mebibytes(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith(name))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }
}
