package io.garrison.reporting.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Creates the topics that are missing; what exists is left as its operator made it. */
@Component
public class KafkaTopics {

    private static final Logger log = LoggerFactory.getLogger(KafkaTopics.class);

    /** Dead letters are read by people, weeks later. */
    private static final Map<String, String> KEEP_DEAD_LETTERS = Map.of("retention.ms", "2592000000");

    /** Else it waits for every answer that is due, from a Kafka that may be away. */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private volatile boolean ready;

    KafkaTopics(KafkaClients clients) {
        this.clients = clients;
    }

    /** Whether all topics are known to exist. */
    public boolean isReady() {
        return ready;
    }

    /** Returns once all topics exist. */
    public synchronized void ensure() throws ExecutionException, InterruptedException, TimeoutException {
        if (ready) {
            return;
        }
        var topics = new ArrayList<NewTopic>();
        for (var topic : Topic.values()) {
            var partitions = Optional.of(clients.settings().partitions());
            topics.add(new NewTopic(topic.topicName(), partitions, Optional.empty()));
            topics.add(new NewTopic(topic.deadLetters(), Optional.of(1), Optional.empty()).configs(KEEP_DEAD_LETTERS));
        }
        var admin = clients.admin();
        try {
            for (var creation : admin.createTopics(topics).values().entrySet()) {
                await(creation.getKey(), creation.getValue());
            }
        } finally {
            admin.close(CLOSING);
        }
        ready = true;
    }

    private static void await(String topic, org.apache.kafka.common.KafkaFuture<Void> creation)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            creation.get(15, TimeUnit.SECONDS);
            log.info("Kafka topic {} created", topic);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
