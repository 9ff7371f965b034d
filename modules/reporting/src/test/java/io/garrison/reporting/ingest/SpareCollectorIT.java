package io.garrison.reporting.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** More replicas than partitions: those to whom none falls are well, and take over when another goes. */
class SpareCollectorIT {

    private static final String GROUP = "garrison-" + Topic.EVENT.topicName();

    @Test
    void isWellWithoutAPartition() throws Exception {
        var properties = TestKafka.properties();
        var clients = new KafkaClients(new KafkaSettings(
                properties.get("garrison.kafka.bootstrap"),
                properties.get("garrison.kafka.username"),
                properties.get("garrison.kafka.password"),
                KafkaSettings.Mechanism.PLAIN,
                new KafkaSettings.Tls(false, null),
                1));
        var topics = new KafkaTopics(clients);
        topics.ensure();
        var spare = new Collector<>(clients, topics, null, new Sink());
        try (var holder = holder(clients)) {
            holder.subscribe(List.of(Topic.EVENT.topicName()));
            await(() -> {
                holder.poll(Duration.ofMillis(200));
                return holder.assignment().size() == 1;
            });
            assertThat(spare.trouble()).isEqualTo("starting");
            var thread = Thread.ofVirtual().start(spare);

            // The other goes on, and by its name comes first when the one partition is given out.
            await(() -> {
                holder.poll(Duration.ofMillis(200));
                return spare.trouble() == null;
            });

            assertThat(holder.assignment()).hasSize(1);
            spare.stop();
            thread.join();
        } finally {
            clients.close();
        }
    }

    private static KafkaConsumer<byte[], byte[]> holder(KafkaClients clients) {
        var properties = TestKafka.properties();
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        String.valueOf(clients.settings().bootstrap()),
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                                .formatted(
                                        properties.get("garrison.kafka.username"),
                                        properties.get("garrison.kafka.password")),
                        "group.id",
                        GROUP,
                        "client.id",
                        "a-holder",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) {
        var end = Instant.now().plusSeconds(60);
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(end);
        }
    }

    private static final class Sink implements BatchSink<String> {

        @Override
        public Topic topic() {
            return Topic.EVENT;
        }

        @Override
        public String decode(byte[] value) {
            throw new AssertionError("no partition, no record");
        }

        @Override
        public List<Rejected<String>> store(List<Item<String>> batch) {
            throw new AssertionError("no partition, no record");
        }
    }
}
