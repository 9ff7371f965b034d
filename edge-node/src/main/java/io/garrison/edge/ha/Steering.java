package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.protocol.VirtualRouter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells keepalived, by files that it watches, how good this instance is. Effective within milliseconds. Thread-safe. */
final class Steering {

    private final HaFiles files;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private final Map<Path, Integer> written = new HashMap<>();
    private final Map<String, Integer> drilled = new HashMap<>();
    private boolean bypassed;

    Steering(HaFiles files) {
        this.files = files;
    }

    /** Before keepalived is started, it must find the files. */
    synchronized void prepare(List<VirtualRouter> routers) throws IOException {
        written.clear();
        write(files.steering(), weight());
        for (var router : routers) {
            write(files.steering(router.name()), drilled.getOrDefault(router.name(), 0));
        }
    }

    /** @return whether that is news */
    synchronized boolean set(Reason reason, boolean on) throws IOException {
        boolean news = on ? reasons.add(reason) : reasons.remove(reason);
        write(files.steering(), weight());
        return news;
    }

    synchronized boolean has(Reason reason) {
        return reasons.contains(reason);
    }

    synchronized boolean isPlanned() {
        return reasons.stream().anyMatch(Reason::isPlanned) || !drilled.isEmpty();
    }

    synchronized void bypass(boolean on) throws IOException {
        bypassed = on;
        write(files.steering(), weight());
    }

    /** @param weight of one router alone; 0 ends the drill */
    synchronized void drill(String router, int weight) throws IOException {
        if (weight == 0) {
            drilled.remove(router);
        } else {
            drilled.put(router, weight);
        }
        write(files.steering(router), weight);
    }

    private int weight() {
        return reasons.stream()
                .filter(reason -> !bypassed || reason.holdsInBypass())
                .mapToInt(Reason::weight)
                .min()
                .orElse(0);
    }

    /** In place and in one write: keepalived looks when the file is closed. */
    private void write(Path file, int weight) throws IOException {
        var former = written.put(file, weight);
        if (former == null || former != weight) {
            Files.write(file, (weight + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
