package io.garrison.reporting.ingest;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Where records end that can never be processed, as they came, with the reason in the header {@code reason} and where
 * they came from in {@code origin}. After a crash the same one may be there twice; its origin tells.
 */
@Component
public class DeadLetters {

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final KafkaClients clients;

    DeadLetters(KafkaClients clients) {
        this.clients = clients;
    }

    /** Returns once Kafka has it; throws a Kafka exception, or that of a missing Kafka, otherwise. */
    public void bury(Topic topic, ConsumerRecord<byte[], byte[]> record, String reason) {
        var origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        bury(topic, record.key(), record.value(), reason, origin);
    }

    void bury(Topic topic, byte @Nullable [] key, byte @Nullable [] value, String reason, String origin) {
        var letter = new ProducerRecord<>(topic.deadLetters(), key, value);
        letter.headers().add("reason", reason.getBytes(StandardCharsets.UTF_8));
        letter.headers().add("origin", origin.getBytes(StandardCharsets.UTF_8));
        try {
            clients.producer().send(letter).get(20, TimeUnit.SECONDS);
            log.info("a record from {} cannot be processed: {}", origin, reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while burying a record from " + origin, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot bury a record from " + origin, e);
        }
    }
}
