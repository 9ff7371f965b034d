package io.garrison.boot;

import io.garrison.embedded.DataDirectory;
import io.garrison.embedded.EmbeddedException;
import io.garrison.embedded.EmbeddedServices;
import io.garrison.embedded.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * {@code garrison servers}: PostgreSQL, Kafka and OpenSearch without the application, and a directory of settings by
 * which any number of {@code garrison serve} on this machine find them.
 */
public final class ServersCommand {

    private static final String OPTIONS = "[--data DIR]";
    private static final String KEY_FILE = "garrison.secrets.key-file";

    private ServersCommand() {}

    /** Prints {@code READY <directory of settings>} on standard output, and stays until it is told to stop. */
    public static void run(List<String> words) {
        Path directory = dataOrExit(words);
        var foreground = Foreground.begin(() -> {});
        System.err.println("Starting PostgreSQL, Kafka and OpenSearch in " + directory);
        try {
            var data = DataDirectory.open(directory);
            foreground.stopBy(data::close);
            var services = EmbeddedServices.start(data, new EmbeddedServices.Ports(0, 0, 0));
            foreground.stopBy(() -> {
                services.close();
                data.close();
            });
            foreground.ready(settings(data, services).toString());
            foreground.awaitEnd();
        } catch (EmbeddedException e) {
            foreground.awaitEndIfStopping();
            System.err.println(e.getMessage());
            Runtime.getRuntime().exit(1); // the servers end with this process
        }
    }

    private static Path settings(DataDirectory data, EmbeddedServices services) {
        try {
            var directory = PrivateFiles.directory(data.path().resolve("settings"));
            for (var setting : services.properties().entrySet()) {
                PrivateFiles.write(
                        directory.resolve(setting.getKey()), setting.getValue().toString());
            }
            makeKeyIfAbsent(Path.of(String.valueOf(services.properties().get(KEY_FILE))));
            return directory;
        } catch (IOException e) {
            throw new EmbeddedException("Cannot write settings below " + data.path() + ": " + e, e);
        }
    }

    /** Replicas must share one, so none of them makes it. */
    private static void makeKeyIfAbsent(Path file) throws IOException {
        if (!Files.exists(file)) {
            var key = new byte[32];
            new SecureRandom().nextBytes(key);
            PrivateFiles.write(file, Base64.getEncoder().encodeToString(key) + "\n");
        }
    }

    private static Path dataOrExit(List<String> words) {
        try {
            return UpArguments.dataOnly(words);
        } catch (UsageException e) {
            System.err.println("garrison servers: " + e.getMessage());
            System.err.println("usage: ./garrison servers " + OPTIONS);
            Runtime.getRuntime().exit(2);
            throw new IllegalStateException("unreachable", e);
        }
    }
}
