package io.garrison.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How one server is run.
 *
 * @param name what people and log lines call it
 * @param command the command line, program first
 * @param log where its output goes
 * @param pidFile names the running process for whoever comes after us
 * @param stopSignal what asks it to shut down in order, such as {@code INT}
 * @param startLimit how long it may take until it serves
 * @param stopLimit how long its shutdown may take before it is killed
 * @param readiness tells whether this very process serves
 */
record ChildSpec(
        String name,
        List<String> command,
        Path log,
        PidFile pidFile,
        String stopSignal,
        Duration startLimit,
        Duration stopLimit,
        Readiness readiness) {

    /** Asked again and again while a child starts. */
    interface Readiness {
        boolean isReady(Process process, ChildOutput output);
    }

    ChildSpec {
        command = List.copyOf(command);
    }
}
