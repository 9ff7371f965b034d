package io.garrison.edge.shaping;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the system's administrator, run without a shell. */
record Program(Path path) {

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final int MOST_OUTPUT = 4 << 20;
    private static final long PATIENCE_SECONDS = 10;

    /** @throws LimitRefusedException if it is not installed */
    static Program named(String name) throws LimitRefusedException {
        for (var place : PLACES) {
            var path = place.resolve(name);
            if (Files.isExecutable(path)) {
                return new Program(path);
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
            try (var to = process.outputWriter(StandardCharsets.US_ASCII)) {
                to.write(input);
            } catch (IOException e) {
                // It ended without reading all; its words say why.
            }
            var said = read(process.getInputStream());
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
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

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
    }
}
