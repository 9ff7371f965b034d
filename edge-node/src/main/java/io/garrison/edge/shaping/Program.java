package io.garrison.edge.shaping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of the system's administrator, run without a shell.
 *
 * @param patience how long it may take for its words, and then to end
 */
record Program(Path path, Duration patience) {

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final int MOST_OUTPUT = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** @throws LimitRefusedException if it is not installed */
    static Program named(String name) throws LimitRefusedException {
        for (var place : PLACES) {
            var path = place.resolve(name);
            if (Files.isExecutable(path)) {
                return new Program(path, PATIENCE);
            }
        }
        throw new LimitRefusedException(name + " is not installed");
    }

    /** @return what it wrote */
    String run(String... words) throws IOException {
        return feed("", words);
    }

    /** @param input what it reads */
    String feed(String input, String... words) throws IOException {
        var command = new ArrayList<String>();
        command.add(path.toString());
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            var said = said(process, input);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new LimitRefusedException(path.getFileName() + ": "
                        + said.lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .findFirst()
                                .orElse("failed"));
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** By a thread of its own: a program that hangs may not even end when it is killed. */
    private String said(Process process, String input) throws IOException, InterruptedException {
        var words = new FutureTask<>(() -> {
            try (var to = process.outputWriter(StandardCharsets.US_ASCII)) {
                to.write(input);
            } catch (IOException e) {
                // It ended without reading all; its words say why.
            }
            return new String(process.getInputStream().readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
        });
        Thread.ofPlatform().daemon().name("words-of-" + path.getFileName()).start(words);
        try {
            return words.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LimitRefusedException(path.getFileName() + ": did not answer in time");
        } catch (ExecutionException e) {
            throw new IOException(path.getFileName() + ": its words can't be read", e.getCause());
        }
    }
}
