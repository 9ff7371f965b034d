package io.garrison.reporting.ingest;

import io.garrison.instances.TelemetryIntake.IntakeUnavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes Kafka clients from the settings. Making one does not need a running Kafka. */
@Component
public class KafkaClients implements AutoCloseable {

    private static final Duration DELIVERY = Duration.ofSeconds(15);
    private static final int POLL_RECORDS = 20_000;

    private final KafkaSettings settings;
    private @Nullable Producer<byte[], byte[]> producer;

    public KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    public KafkaSettings settings() {
        return settings;
    }

    /**
     * The one producer of the application: idempotent, every in-sync replica acknowledges.
     *
     * @throws IntakeUnavailable if there is none, for want of settings or of a resolvable address
     */
    public synchronized Producer<byte[], byte[]> producer() {
        var made = producer;
        if (made != null) {
            return made;
        }
        if (!settings.isPresent()) {
            throw new IntakeUnavailable("no Kafka", new IllegalStateException("garrison.kafka.bootstrap is not set"));
        }
        var properties = common();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis());
        try {
            var fresh = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = fresh;
            return fresh;
        } catch (KafkaException e) {
            throw new IntakeUnavailable("Kafka is not reachable at " + settings.bootstrap(), e);
        }
    }

    /** A consumer whose offsets are kept elsewhere: it never commits and never guesses where to begin. */
    public KafkaConsumer<byte[], byte[]> consumer(String group) {
        var properties = common();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 * 1024 * 1024);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public Admin admin() {
        var properties = common();
        properties.put("request.timeout.ms", 5_000);
        properties.put("default.api.timeout.ms", 10_000);
        return Admin.create(properties);
    }

    Map<String, Object> common() {
        var properties = new HashMap<String, Object>();
        properties.put("bootstrap.servers", String.valueOf(settings.bootstrap()));
        properties.put("client.id", "garrison");
        properties.put("reconnect.backoff.max.ms", 2_000);
        properties.put("enable.metrics.push", false);
        var tls = settings.tls();
        var username = settings.username();
        if (username == null || username.isBlank()) {
            properties.put("security.protocol", tls.enabled() ? "SSL" : "PLAINTEXT");
        } else {
            properties.put("security.protocol", tls.enabled() ? "SASL_SSL" : "SASL_PLAINTEXT");
            properties.put("sasl.mechanism", settings.mechanism().saslName());
            properties.put(
                    "sasl.jaas.config",
                    "%s required username=%s password=%s;"
                            .formatted(
                                    settings.mechanism().loginModule(),
                                    quoted(username),
                                    quoted(String.valueOf(settings.password()))));
        }
        var caFile = tls.caFile();
        if (tls.enabled() && caFile != null) {
            properties.put("ssl.truststore.type", "PEM");
            properties.put("ssl.truststore.location", caFile.toString());
        }
        return properties;
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public synchronized void close() {
        var made = producer;
        if (made != null) {
            made.close(Duration.ofSeconds(5));
        }
    }
}
