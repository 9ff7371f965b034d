package io.garrison.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that names a running process so that it cannot be mistaken for a later one with the same number. */
record PidFile(Path path) {

    private static final Logger log = LoggerFactory.getLogger(PidFile.class);

    /** Servers of a killed owner end by themselves within ten seconds. */
    private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(12);

    /** Start times are derived from the boot time, which the kernel computes anew for each reader. */
    private static final Duration CLOCK_ERROR = Duration.ofSeconds(3);

    void write(ProcessHandle process) throws IOException {
        PrivateFiles.write(path, process.pid() + " " + startOf(process) + "\n");
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /** The named process if it still runs. */
    Optional<ProcessHandle> running() {
        try {
            String[] identity = Files.readString(path).strip().split(" ");
            Instant started = Instant.parse(identity[1]);
            return ProcessHandle.of(Long.parseLong(identity[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            Duration.between(started, startOf(process)).abs().compareTo(CLOCK_ERROR) < 0);
        } catch (IOException | RuntimeException e) {
            // Absent, or half a line of a crashed machine: no process is known.
            return Optional.empty();
        }
    }

    /** Waits for the server of an earlier owner that was killed; kills it when it does not end by itself. */
    void awaitEndOfLeftover() {
        Optional<ProcessHandle> leftover = running();
        if (leftover.isEmpty()) {
            return;
        }
        log.info(
                "waiting for process {} of an earlier run to end",
                leftover.get().pid());
        CompletableFuture<ProcessHandle> end = leftover.get().onExit();
        try {
            end.get(LEFTOVER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            leftover.get().destroyForcibly();
            end.join();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while waiting for an earlier run", e);
        }
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
