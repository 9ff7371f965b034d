package io.garrison.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process of {@code ./garrison}, as a person would start it. */
public final class Launched implements AutoCloseable {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    public final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Path errors;

    private Launched(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        // Reading a pipe holds a carrier, and a few processes would hold all that a small machine has.
        Thread.ofPlatform().daemon().start(this::read);
    }

    /** Starts a command that stays in the foreground, and waits for its READY line. Returns what follows READY. */
    public static Launched foreground(Path log, Map<String, String> environment, String... arguments) {
        return foreground(List.of(), log, environment, arguments);
    }

    /** @param within the program that starts it, such as one that enters a network namespace */
    public static Launched foreground(
            List<String> within, Path log, Map<String, String> environment, String... arguments) {
        var launched = new Launched(process(within, log, environment, arguments), log);
        try {
            launched.ready.get(180, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            launched.process.descendants().forEach(ProcessHandle::destroyForcibly);
            launched.process.destroyForcibly();
            throw new AssertionError(List.of(arguments) + " is not ready:\n" + tail(log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return launched;
    }

    /** Runs a command to its end. */
    public static Finished run(Path directory, String... arguments) {
        return run(directory, Map.of(), arguments);
    }

    /** Runs a command to its end with more in its environment. */
    public static Finished run(Path directory, Map<String, String> environment, String... arguments) {
        var log = directory.resolve("command-%d.err".formatted(System.nanoTime()));
        try {
            var process = process(List.of(), log, environment, arguments);
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(List.of(arguments) + " does not end");
            }
            return new Finished(process.exitValue(), out, Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process process(
            List<String> within, Path log, Map<String, String> environment, String... arguments) {
        var command = new ArrayList<>(within);
        command.add(ROOT.resolve("garrison").toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(ROOT.toFile()).redirectError(log.toFile());
        builder.environment().putAll(environment);
        // The build that runs these tests has made what they start.
        builder.environment().put("GARRISON_NO_BUILD", "1");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("READY") || line.startsWith("READY ")) {
                    ready.complete(line.substring(5).strip());
                }
            }
            ready.completeExceptionally(new IOException("ended without READY"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    public String address() {
        return ready.join();
    }

    /** Kills the process that was started, and nothing else, as the kernel's out-of-memory killer would. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    public void stop() {
        process.destroy();
        awaitExit();
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(Duration.ofSeconds(60))) {
                throw new AssertionError("does not stop:\n" + tail(errors));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    public static String tail(Path log) {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    public record Finished(int status, String out, String err) {}
}
