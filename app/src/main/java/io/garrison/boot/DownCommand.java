package io.garrison.boot;

import io.garrison.embedded.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code garrison down}: stops the installation that works with a data directory. */
public final class DownCommand {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private DownCommand() {}

    /** @return the exit status */
    public static int run(List<String> words) {
        Path data;
        try {
            data = UpArguments.dataOnly(words);
        } catch (UsageException e) {
            System.err.println("garrison down: " + e.getMessage());
            System.err.println("usage: ./garrison down [--data DIR]");
            return 2;
        }
        Optional<ProcessHandle> owner = DataDirectory.ownerOf(data);
        if (owner.isEmpty()) {
            System.err.println("Nothing runs with the data in " + data + ".");
            return 0;
        }
        return stop(owner.get());
    }

    private static int stop(ProcessHandle owner) {
        CompletableFuture<ProcessHandle> end = owner.onExit();
        owner.destroy();
        try {
            end.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            System.err.println("Stopped.");
            return 0;
        } catch (TimeoutException e) {
            System.err.println("Process " + owner.pid() + " does not stop within " + LIMIT.toSeconds() + " s.");
            return 1;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
