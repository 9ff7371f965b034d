package io.garrison.edge.meter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The program nft, which is given up and ended if it does not answer in time. Not thread-safe. */
final class Nft implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> command;
    private final Duration patience;
    private @Nullable Process reader;

    /** @param command the program, with whatever has to come before it */
    Nft(List<String> command, Duration patience) {
        this.command = command;
        this.patience = patience;
    }

    /**
     * Asks one process again and again; starting one each time would cost more than the answer.
     *
     * @param question that is answered by one block in braces
     * @return its lines, without the last
     * @throws IOException if nft does not know it, ends, or has not answered in time; the next question begins with another
     *     process
     */
    List<String> ask(String question) throws IOException {
        var process = reader();
        var limit = limit(process);
        var lines = new ArrayList<String>();
        try {
            var to = process.outputWriter(StandardCharsets.US_ASCII);
            to.write(question + "\n");
            to.flush();
            var from = process.inputReader(StandardCharsets.US_ASCII);
            for (var line = from.readLine(); line != null; line = from.readLine()) {
                if (line.startsWith("Error")) {
                    throw new IOException("the kernel's counters are gone: " + line);
                }
                if (line.equals("}")) {
                    return lines;
                }
                lines.add(line);
            }
            throw new IOException("nft ended");
        } catch (IOException e) {
            close();
            throw e;
        } finally {
            limit.cancel(false);
        }
    }

    private Process reader() throws IOException {
        var running = reader;
        if (running == null || !running.isAlive()) {
            running = start("-i");
            reader = running;
        }
        return running;
    }

    /**
     * @return what nft said
     * @throws IOException if it failed, or has not ended in time
     */
    String run(String script, String... options) throws IOException {
        var process = start(options);
        var limit = limit(process);
        try {
            try (var to = process.outputWriter(StandardCharsets.US_ASCII)) {
                to.write(script);
            }
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (process.waitFor() != 0) {
                throw new IOException("nft refused: " + said.lines().findFirst().orElse("no reason given"));
            }
            return said;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            limit.cancel(false);
        }
    }

    private Process start(String... options) throws IOException {
        var whole = new ArrayList<>(command);
        whole.addAll(List.of(options));
        return new ProcessBuilder(whole).redirectErrorStream(true).start();
    }

    /** Who waits for an answer hears that the process has ended. */
    private CompletableFuture<Void> limit(Process process) {
        return CompletableFuture.runAsync(
                process::destroyForcibly,
                CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.destroyForcibly();
            reader = null;
        }
    }
}
