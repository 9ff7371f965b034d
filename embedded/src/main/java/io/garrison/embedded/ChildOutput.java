package io.garrison.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What a child prints: kept in a log file of bounded size, with the last lines at hand for error messages. */
final class ChildOutput {

    /** A child of ours prints this line when it serves; PostgreSQL, which is not ours, is asked by other means. */
    static final String READY_LINE = "GARRISON READY";

    /** The same line of a program that people run too. */
    private static final String PROGRAM_READY_LINE = "READY";

    private static final long MAX_BYTES = 8L * 1024 * 1024;
    private static final int TAIL_LINES = 15;
    private static final Duration LAST_LINES_LIMIT = Duration.ofSeconds(2);

    private final Path file;
    private final Deque<String> tail = new ArrayDeque<>();
    private volatile boolean readySeen;
    private @Nullable Thread reader;

    ChildOutput(Path file) {
        this.file = file;
    }

    /** Reads until the child closes its output. */
    void follow(Process process) {
        // Reading a pipe of a process holds its carrier, so on virtual threads three children would stop everything.
        reader = Thread.ofPlatform()
                .daemon()
                .name("output-" + file.getFileName())
                .start(() -> copy(process));
    }

    /** Waits a moment for the last lines of a child that has ended: they say why. */
    void awaitEnd() throws InterruptedException {
        if (reader != null) {
            reader.join(LAST_LINES_LIMIT);
        }
    }

    boolean readySeen() {
        return readySeen;
    }

    String tail() {
        synchronized (tail) {
            return String.join(System.lineSeparator(), tail);
        }
    }

    private void copy(Process process) {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            OutputStream out = open();
            long written = Files.size(file);
            try {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    keep(line);
                    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                    if (written + bytes.length > MAX_BYTES) {
                        out.close();
                        Files.move(
                                file,
                                file.resolveSibling(file.getFileName() + ".1"),
                                StandardCopyOption.REPLACE_EXISTING);
                        out = open();
                        written = 0;
                    }
                    out.write(bytes);
                    written += bytes.length;
                }
            } finally {
                out.close();
            }
        } catch (IOException e) {
            // The reader fails when the child is gone; a full disk must not stop a server either.
            keep("(output ends: " + e.getMessage() + ")");
        }
    }

    private OutputStream open() {
        try {
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(String line) {
        if (line.equals(READY_LINE) || line.equals(PROGRAM_READY_LINE)) {
            readySeen = true;
        }
        synchronized (tail) {
            if (tail.size() == TAIL_LINES) {
                tail.removeFirst();
            }
            tail.addLast(line);
        }
    }
}
