package io.garrison.edge.ha.keepalived;

import io.garrison.protocol.InstancePlan;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what keepalived tells of its roles, on a thread of its own, from now on: what it told while no agent ran is dropped. */
public final class Notifications implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Notifications.class);
    private static final Path MKFIFO = Path.of("/usr/bin/mkfifo");
    private static final String END = "END";

    private final RandomAccessFile pipe;
    private final Thread reader;

    /**
     * @param plan that is in force when a line arrives; null if none is
     * @param listener must not block
     */
    public Notifications(HaFiles files, Supplier<@Nullable InstancePlan> plan, Consumer<Notice> listener)
            throws IOException, InterruptedException {
        make(files.notifications());
        // Opened for both directions the pipe never ends, whoever comes and goes on the other side.
        pipe = new RandomAccessFile(files.notifications().toFile(), "rw");
        drop(pipe);
        reader = Thread.ofPlatform().name("keepalived-notices").daemon().start(() -> read(plan, listener));
    }

    /** Lines are written whole, so none begins here and ends there. A pipe that keepalived fills meanwhile is not waited for. */
    private static void drop(RandomAccessFile pipe) throws IOException {
        var told = new FileInputStream(pipe.getFD());
        var unused = told.readNBytes(told.available());
    }

    private static void make(Path fifo) throws IOException, InterruptedException {
        if (Files.exists(fifo)) {
            if (Files.isRegularFile(fifo)) {
                throw new IOException(fifo + " is a file where a pipe should be");
            }
            return;
        }
        var made = new ProcessBuilder(MKFIFO.toString(), "-m", "600", fifo.toString()).start();
        if (!made.waitFor(5, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IOException("the pipe for keepalived's notifications can't be made");
        }
    }

    private void read(Supplier<@Nullable InstancePlan> plan, Consumer<Notice> listener) {
        try (var lines = new BufferedReader(
                new InputStreamReader(new FileInputStream(pipe.getFD()), StandardCharsets.US_ASCII), 1_024)) {
            for (var line = lines.readLine(); line != null && !line.equals(END); line = lines.readLine()) {
                var known = plan.get();
                if (known != null) {
                    Notice.parse(line, known).ifPresent(listener);
                }
            }
        } catch (IOException | RuntimeException e) {
            log.error("keepalived's notifications can't be read any more", e);
        }
    }

    @Override
    public void close() throws IOException {
        pipe.write((END + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            reader.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pipe.close();
    }
}
