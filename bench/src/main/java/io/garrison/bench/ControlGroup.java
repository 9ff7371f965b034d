package io.garrison.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A control group (cgroups(7), version 2) for this process and all that it starts from now on. It counts also those that
 * have left the process tree: daemons, and what outlives a parent that was killed.
 */
final class ControlGroup implements AutoCloseable {

    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final String PROCESSES = "cgroup.procs";

    private final Path group;
    private final Path former;

    private ControlGroup(Path group, Path former) {
        this.group = group;
        this.former = former;
    }

    /** @return nothing on a machine without version 2, and for somebody who may not make groups */
    static Optional<ControlGroup> enter() throws IOException {
        var root = mounted();
        if (root.isEmpty() || !Files.isWritable(root.get())) {
            return Optional.empty();
        }
        var former = root.get().resolve(path());
        var group = Files.createDirectory(root.get().resolve("garrison-bench-" + self()));
        join(group);
        return Optional.of(new ControlGroup(group, former));
    }

    /** User and system time of all that are or were in it, in seconds. */
    double cpuSeconds() throws IOException {
        try (var lines = Files.lines(group.resolve("cpu.stat"))) {
            return lines.filter(line -> line.startsWith("usage_usec "))
                            .mapToLong(line -> Long.parseLong(line.substring("usage_usec ".length())))
                            .findFirst()
                            .orElseThrow(() -> new IOException(group + " does not tell its usage_usec"))
                    / 1e6;
        }
    }

    /** Goes back to where this process was. What is still in the group stays there, and the group with it. */
    @Override
    public void close() throws IOException {
        join(former);
        if (Files.readString(group.resolve(PROCESSES)).isBlank()) {
            Files.delete(group);
        }
    }

    private static void join(Path group) throws IOException {
        Files.writeString(group.resolve(PROCESSES), Long.toString(self()));
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    private static Optional<Path> mounted() throws IOException {
        try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> line.split(" "))
                    .filter(mount -> mount[2].equals("cgroup2"))
                    .map(mount -> Path.of(mount[1]))
                    .findFirst();
        }
    }

    /** Relative to where groups are mounted. */
    private static String path() throws IOException {
        try (var groups = Files.lines(OWN)) {
            return groups.filter(line -> line.startsWith("0::/"))
                    .map(line -> line.substring("0::/".length()))
                    .findFirst()
                    .orElse("");
        }
    }
}
