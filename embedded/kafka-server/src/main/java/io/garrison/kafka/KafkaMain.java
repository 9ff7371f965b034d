package io.garrison.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * Formats the log directory on first use, runs one combined broker and controller, and says {@code GARRISON READY} on
 * standard output when it serves. Ends in order when its standard input ends, which is when its parent is gone.
 */
public final class KafkaMain {

    private static final long SHUTDOWN_LIMIT_MILLIS = 8_000;

    private KafkaMain() {}

    /** @param arguments the server's properties file */
    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().name("parent-watch").start(KafkaMain::endWithParent);
        Path configuration = Path.of(arguments[0]);
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(configuration)) {
            properties.load(reader);
        }
        formatOnce(configuration, Path.of(properties.getProperty("log.dirs")));
        var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Thread.ofPlatform().daemon().name("shutdown-limit").start(KafkaMain::haltLate);
            server.shutdown();
        }));
        server.startup();
        System.out.println("GARRISON READY");
        server.awaitShutdown();
    }

    private static void formatOnce(Path configuration, Path logs) {
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        int status = StorageTool.execute(
                new String[] {
                    "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", configuration.toString()
                },
                System.out);
        if (status != 0) {
            throw new IllegalStateException("cannot format " + logs);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent; the end of the stream is the message.
            }
        } catch (IOException e) {
            System.err.println("the parent's pipe fails: " + e);
        }
        System.exit(0);
    }

    private static void haltLate() {
        try {
            Thread.sleep(SHUTDOWN_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
