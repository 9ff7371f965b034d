package io.garrison.edge.ha.keepalived;

import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * keepalived of this instance. It goes on when the agent ends, however it ends; the next agent finds it by its pid file.
 * Belongs to one thread.
 */
public final class RunningKeepalived {

    private static final Logger log = LoggerFactory.getLogger(RunningKeepalived.class);
    private static final Path KILL = Path.of("/bin/kill");
    private static final long MOST_LOG_BYTES = 1 << 20;
    private static final int PATIENCE_SECONDS = 5;

    private final HaFiles files;
    private final Runnable died;
    private final LeftAddresses left;
    private volatile @Nullable ProcessHandle process;

    /** @param died told on another thread, at once, when a keepalived that this agent started has ended by itself */
    public RunningKeepalived(HaFiles files, Runnable died) {
        this.files = files;
        this.died = died;
        this.left = new LeftAddresses(files);
    }

    /** Why it can't be run on this machine, for people; empty if it can. */
    public static Optional<String> missing() {
        return KeepalivedProgram.missing();
    }

    /** Takes over what an earlier agent left running. @return whether there was one */
    public boolean adopt() {
        process = mine(files.pid()).orElse(null);
        return process != null;
    }

    public boolean isAlive() {
        var running = process;
        return running != null && running.isAlive();
    }

    /** What is in force, as it was written; empty if there is nothing. */
    public Optional<String> config() throws IOException {
        return Files.exists(files.config()) ? Optional.of(Files.readString(files.config())) : Optional.empty();
    }

    /** @throws PlanRefusedException if keepalived does not take this file; what is in force stays */
    public void check(String config) throws IOException, InterruptedException {
        DurableFiles.replace(files.candidate(), config.getBytes(StandardCharsets.US_ASCII));
        KeepalivedProgram.check(files);
    }

    /**
     * Puts the checked file in force for the next {@link #start} or {@link #reload}. What a dead keepalived has left of
     * addresses that this file does not hold is taken away before.
     */
    public void install(String config) throws IOException, InterruptedException {
        left.remember(config);
        if (!isAlive()) {
            killVrrpProcess();
            left.remove(config);
        }
        DurableFiles.replace(files.reloadPending(), new byte[0]);
        DurableFiles.replace(files.config(), config.getBytes(StandardCharsets.US_ASCII));
        Files.deleteIfExists(files.candidate());
    }

    /** Whether a file was installed that keepalived was not told of, as when an agent ended in between. */
    public boolean isReloadPending() {
        return Files.exists(files.reloadPending());
    }

    /** Starts it, after whatever a dead one left behind. Addresses that it held are taken away before it says a word. */
    public void start() throws IOException, InterruptedException {
        killVrrpProcess();
        Files.deleteIfExists(files.pid());
        Files.deleteIfExists(files.vrrpPid());
        Files.deleteIfExists(files.reloadPending());
        removeLeft();
        truncateLog();
        var started = KeepalivedProgram.start(files);
        var handle = started.toHandle();
        process = handle;
        var unused = started.onExit().thenRun(() -> {
            if (handle.equals(process)) {
                died.run();
            }
        });
    }

    /** Lets it read its file again. Who holds addresses loses them for a moment, so hand them over before. */
    public void reload() throws IOException, InterruptedException {
        var running = process;
        if (running != null) {
            hangUp(running);
        }
        Files.deleteIfExists(files.reloadPending());
    }

    /** The JDK sends no SIGHUP. */
    private static void hangUp(ProcessHandle running) throws IOException, InterruptedException {
        if (!Files.isExecutable(KILL)) {
            throw new IOException("keepalived can't be told to read its file again without " + KILL + " of procps");
        }
        var kill = new ProcessBuilder(KILL.toString(), "-HUP", Long.toString(running.pid())).start();
        try {
            if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IOException("keepalived could not be told to read its file again: process " + running.pid()
                        + " did not take the signal");
            }
        } finally {
            kill.destroyForcibly();
        }
    }

    /** Takes away what is left of addresses that are not held any more, once it has read its file. */
    public void removeLeft() {
        try {
            left.remove(config().orElse(""));
        } catch (IOException e) {
            log.warn("An address of a former plan may still be on this machine: {}", e.toString());
        }
    }

    /**
     * Ends it, if it runs; it takes its addresses away. What a dead one has left is taken away as well.
     *
     * @throws IOException if one of its addresses stays
     */
    public void stop() throws IOException, InterruptedException {
        var running = process;
        process = null;
        if (running != null) {
            running.destroy();
            try {
                running.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                running.destroyForcibly();
            }
        }
        killVrrpProcess();
        Files.deleteIfExists(files.pid());
        Files.deleteIfExists(files.vrrpPid());
        left.remember("");
        Files.deleteIfExists(files.config());
        Files.deleteIfExists(files.reloadPending());
        left.remove("");
    }

    /** Keeps its log from growing without end. */
    public void truncateLog() {
        try {
            if (Files.exists(files.log()) && Files.size(files.log()) > MOST_LOG_BYTES) {
                try (var channel = FileChannel.open(files.log(), StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
        } catch (IOException e) {
            log.warn("keepalived's log can't be shortened: {}", e.toString());
        }
    }

    /** A VRRP process whose parent was killed ends by itself; one that hangs would keep the new one from starting. */
    private void killVrrpProcess() throws InterruptedException {
        var orphan = mine(files.vrrpPid());
        if (orphan.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (orphan.get().isAlive() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        orphan.get().destroyForcibly();
        while (orphan.get().isAlive() && System.nanoTime() < deadline + TimeUnit.SECONDS.toNanos(1)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** The process of a pid file, if it is a keepalived with this instance's file: numbers are used again. */
    private Optional<ProcessHandle> mine(Path pidFile) {
        try {
            var pid = Files.readString(pidFile).strip();
            var command = Files.readString(Path.of("/proc", pid, "cmdline"));
            return command.contains("keepalived\0") && command.contains("\0" + files.config() + "\0")
                    ? ProcessHandle.of(Long.parseLong(pid))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
