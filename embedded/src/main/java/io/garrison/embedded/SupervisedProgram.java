package io.garrison.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program of Garrison's own that an installation keeps running beside its servers: started again when it dies, ended
 * with the installation, also when that is killed.
 */
public final class SupervisedProgram implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final SupervisedProcess process;

    private SupervisedProgram(SupervisedProcess process) {
        this.process = process;
    }

    /**
     * Starts it and returns when it has printed {@code READY}.
     *
     * @param name what people and log lines call it
     * @param command the command line, program first
     * @param environment variables beside those of this process
     * @param log file that takes what it prints
     * @param pidFile file that names the running process for whoever comes after us
     * @throws EmbeddedException if it ends or is not ready within 90 seconds; it is not running then
     */
    public static SupervisedProgram start(
            String name, List<String> command, Map<String, String> environment, Path log, Path pidFile) {
        var pid = new PidFile(pidFile);
        pid.awaitEndOfLeftover();
        var words = new ArrayList<>(List.of("setpriv", "--pdeathsig=TERM", "env"));
        environment.forEach((variable, value) -> words.add(variable + "=" + value));
        words.addAll(command);
        var spec = new ChildSpec(
                name, words, log, pid, "TERM", START_LIMIT, STOP_LIMIT, (process, output) -> output.readySeen());
        return new SupervisedProgram(SupervisedProcess.start(spec));
    }

    /** Process id of the running program; another one after a restart. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
