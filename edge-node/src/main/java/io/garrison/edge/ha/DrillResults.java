package io.garrison.edge.ha;

import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results of rehearsals that management has not taken yet, at most {@value #CAPACITY}: then the oldest go. They are on the
 * disk, so an agent that starts again tells them. May be called from any thread.
 */
final class DrillResults {

    static final int CAPACITY = 20;

    private static final Logger log = LoggerFactory.getLogger(DrillResults.class);

    private final Path file;
    private final ArrayDeque<DrillResult> waiting;

    DrillResults(Path file) {
        this.file = file;
        this.waiting = new ArrayDeque<>(read(file));
    }

    private record Kept(List<DrillResult> results) {}

    synchronized void add(DrillResult result) {
        if (waiting.size() == CAPACITY) {
            waiting.removeFirst();
        }
        waiting.addLast(result);
        keep();
    }

    synchronized List<DrillResult> waiting() {
        return List.copyOf(waiting);
    }

    synchronized boolean has(UUID drill) {
        return waiting.stream().anyMatch(result -> result.drillId().equals(drill));
    }

    synchronized void taken(Collection<UUID> drills) {
        if (waiting.removeIf(result -> drills.contains(result.drillId()))) {
            keep();
        }
    }

    /** What a disk refuses here is only said: as long as this agent runs, it is told all the same. */
    private void keep() {
        try {
            if (waiting.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                DurableFiles.replace(file, ProtocolJson.write(new Kept(List.copyOf(waiting))));
            }
        } catch (IOException e) {
            log.warn("Results of rehearsals are not kept over a restart: {}", e.toString());
        }
    }

    private static List<DrillResult> read(Path file) {
        try {
            return Files.exists(file)
                    ? ProtocolJson.read(Files.readAllBytes(file), Kept.class).results()
                    : List.of();
        } catch (IOException | IllegalArgumentException e) {
            log.warn("Results of rehearsals can't be read, and are lost: {}", e.toString());
            return List.of();
        }
    }
}
