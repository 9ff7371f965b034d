package io.garrison.edge.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Whether the agent that runs comes to the end of its memory, or needs more and more of it (DI-T21). */
final class MemoryProbe {

    private static final String ID = "DI-T21";

    /** Of what may be used. */
    private static final double NEARLY_ALL = 0.9;

    /** A leak shows in hours; what an agent needs for more members or services settles earlier. */
    private static final int LEAST_HOURS = 12;

    private final Running running;
    private final Path processes;
    private final Path groups;

    MemoryProbe(Running running) {
        this(running, Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    MemoryProbe(Running running, Path processes, Path groups) {
        this.running = running;
        this.processes = processes;
        this.groups = groups;
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        var memory = running.memory();
        if (memory != null) {
            findings.add(heap(memory));
        }
        group().ifPresent(share -> findings.add(
                share < NEARLY_ALL * 100
                        ? Finding.good(Layer.AGENT, ID, "its control group uses " + share + " % of its memory")
                        : Finding.bad(
                                Layer.AGENT,
                                ID,
                                "its control group uses " + share + " % of the memory that it may have",
                                "Give the unit or container more (MemoryMax, limits.memory), or let"
                                        + " HAProxy hold fewer connections.")));
        return findings;
    }

    private static Finding heap(Memory memory) {
        long percent = memory.liveBytes() * 100 / Math.max(1, memory.mostBytes());
        if (percent >= NEARLY_ALL * 100) {
            return Finding.bad(
                    Layer.AGENT,
                    ID,
                    percent + " % of the agent's heap is in use after a collection",
                    "Restart it; traffic goes on meanwhile. If that comes again, raise -Xmx in jvm.options and report"
                            + " it with the number of virtual services and members.");
        }
        if (grows(memory)) {
            return Finding.bad(
                    Layer.AGENT,
                    ID,
                    "the agent's heap has grown in each of "
                            + (memory.hourlyBytes().size() - 1) + " hours, from "
                            + kib(memory.hourlyBytes().getFirst()) + " to "
                            + kib(memory.hourlyBytes().getLast()),
                    "Restart it before it is used up; traffic goes on meanwhile. Report it with the log.");
        }
        return Finding.good(Layer.AGENT, ID, percent + " % of the agent's heap is in use after a collection");
    }

    private static boolean grows(Memory memory) {
        var hours = memory.hourlyBytes();
        if (hours.size() < LEAST_HOURS || hours.getLast() < 2 * hours.getFirst()) {
            return false;
        }
        for (int i = 1; i < hours.size(); i++) {
            if (hours.get(i) <= hours.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Without what the kernel would give back at once; percent of the limit, if there is one. */
    private OptionalLong group() {
        try {
            var line = Files.readAllLines(
                            processes.resolve(Long.toString(running.pid())).resolve("cgroup"))
                    .stream()
                    .filter(each -> each.startsWith("0::/"))
                    .findFirst();
            if (line.isEmpty()) {
                return OptionalLong.empty();
            }
            var group = groups.resolve(line.get().substring("0::/".length()));
            var most = Files.readString(group.resolve("memory.max")).strip();
            if (most.equals("max")) {
                return OptionalLong.empty();
            }
            long used = Long.parseLong(
                    Files.readString(group.resolve("memory.current")).strip());
            return OptionalLong.of(Math.max(0, used - inactive(group)) * 100 / Math.max(1, Long.parseLong(most)));
        } catch (IOException | NumberFormatException e) {
            // No control groups of the second version, or not this user's to read.
            return OptionalLong.empty();
        }
    }

    private static long inactive(Path group) throws IOException {
        return Files.readAllLines(group.resolve("memory.stat")).stream()
                .filter(line -> line.startsWith("inactive_file "))
                .mapToLong(line -> Long.parseLong(line.substring("inactive_file ".length())))
                .sum();
    }

    private static String kib(long bytes) {
        return (bytes >> 10) + " KiB";
    }
}
