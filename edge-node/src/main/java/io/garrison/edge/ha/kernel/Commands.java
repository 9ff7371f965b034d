package io.garrison.edge.ha.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program without a shell, with bounded time and output. */
public final class Commands {

    private static final int PATIENCE_SECONDS = 5;
    private static final int MOST_OUTPUT = 65_536;

    private Commands() {}

    /** @throws IOException with its first line if it does not end well */
    public static String run(List<String> command, String input) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            try (var to = process.outputWriter(StandardCharsets.US_ASCII)) {
                to.write(input);
            } catch (IOException e) {
                // It ended without reading all; its words say why.
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command.getFirst() + " did not end within " + PATIENCE_SECONDS + " s");
            }
            var said = new String(process.getInputStream().readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(
                        command.getFirst() + ": " + said.lines().findFirst().orElse("failed without a word"));
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
