package io.garrison.testing;

import io.garrison.embedded.KafkaServer;
import java.util.Map;

/** The Kafka of this JVM's tests. Started on first use, gone with all its data when the JVM ends. */
public final class TestKafka {

    private static final String PASSWORD = "test-kafka";
    private static final KafkaServer SERVER = start();

    private TestKafka() {}

    /** What clients connect to: host and port. */
    public static String bootstrap() {
        return SERVER.bootstrap();
    }

    /** The application's properties for this server, {@code garrison.kafka.*}. */
    public static Map<String, String> properties() {
        return Map.of(
                "garrison.kafka.bootstrap",
                SERVER.bootstrap(),
                "garrison.kafka.username",
                KafkaServer.USERNAME,
                "garrison.kafka.password",
                PASSWORD);
    }

    private static KafkaServer start() {
        var directory = TestDirectory.shared();
        var server = KafkaServer.start(directory.resolve("kafka"), directory.resolve("kafka.log"), 0, PASSWORD);
        TestDirectory.closeAtExit(server);
        return server;
    }
}
