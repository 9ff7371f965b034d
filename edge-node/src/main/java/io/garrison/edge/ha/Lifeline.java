package io.garrison.edge.ha;

import io.garrison.edge.ha.keepalived.HaFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Names the process without which this instance should not hold any address, for the time without an agent. */
record Lifeline(HaFiles files, Health health, Passing passing) {

    /** While traffic needs no HAProxy, its end is no reason to leave the addresses. */
    void follow() throws IOException {
        var target = passing.isWithoutHaproxy() ? Path.of("keepalived.pid") : health.lifeline();
        if (Files.isSymbolicLink(files.alive())
                && Files.readSymbolicLink(files.alive()).equals(target)) {
            return;
        }
        var beside = files.alive().resolveSibling("alive.new");
        Files.deleteIfExists(beside);
        Files.createSymbolicLink(beside, target);
        Files.move(beside, files.alive(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
