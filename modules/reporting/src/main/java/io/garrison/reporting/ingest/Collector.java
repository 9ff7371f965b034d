package io.garrison.reporting.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic into one sink, in a thread of its own, for as long as it runs. The consumer group only shares the
 * partitions out between replicas; where to go on stands in PostgreSQL. Whatever fails is tried again, from there.
 */
final class Collector<T> implements Runnable, ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(Collector.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final KafkaTopics topics;
    private final BatchWriter writer;
    private final BatchSink<T> sink;
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    private volatile boolean stopped;
    private volatile @Nullable Thread runner;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable String trouble = "starting";
    private volatile int partitions;

    Collector(KafkaClients clients, KafkaTopics topics, BatchWriter writer, BatchSink<T> sink) {
        this.clients = clients;
        this.topics = topics;
        this.writer = writer;
        this.sink = sink;
    }

    /** What keeps it from collecting, or null. */
    @Nullable
    String trouble() {
        return trouble;
    }

    Topic topic() {
        return sink.topic();
    }

    /** How many partitions of the topic are this replica's now. */
    int partitions() {
        return partitions;
    }

    void stop() {
        stopped = true;
        var running = consumer;
        var thread = runner;
        if (running != null) {
            running.wakeup();
        } else if (thread != null) {
            thread.interrupt(); // it waits for a Kafka that does not answer
        }
    }

    @Override
    public void run() {
        var pause = FIRST_PAUSE;
        runner = Thread.currentThread();
        while (!stopped) {
            try {
                collect();
            } catch (WakeupException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | ExecutionException | TimeoutException e) {
                failed(e);
                pause = trouble == null ? FIRST_PAUSE : longer(pause);
                if (!sleep(pause)) {
                    return;
                }
            }
        }
    }

    private void collect() throws ExecutionException, InterruptedException, TimeoutException {
        topics.ensure();
        try (var fresh = clients.consumer("garrison-" + sink.topic().topicName())) {
            consumer = fresh;
            fresh.subscribe(List.of(sink.topic().topicName()), this);
            while (!stopped) {
                poll(fresh);
            }
        } finally {
            consumer = null;
            positions.clear();
            partitions = 0;
        }
    }

    private void poll(Consumer<byte[], byte[]> from) {
        var batch = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try {
            from.poll(POLL).forEach(batch::add);
            if (positions.isEmpty()) {
                return; // nothing fell to this replica, or not yet
            }
            if (batch.isEmpty()) {
                recovered();
                return;
            }
            writer.write(sink, batch, positions);
            recovered();
        } catch (OffsetOutOfRangeException e) {
            skipWhatIsGone(from, e);
        } catch (OffsetStore.Fenced e) {
            log.info("{}: {}; reading on from where it is", sink.topic().topicName(), e.getMessage());
            goBack(from);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            failed(e);
            rest(from);
            goBack(from);
        }
    }

    /** Waits while staying a member of the group, so that an outage elsewhere does not move partitions about. */
    private void rest(Consumer<byte[], byte[]> from) {
        from.pause(from.assignment());
        var until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (!stopped && System.nanoTime() < until) {
            from.poll(Duration.ofMillis(250));
            from.pause(from.assignment());
        }
        from.resume(from.assignment());
    }

    private void goBack(Consumer<byte[], byte[]> from) {
        onPartitionsAssigned(List.copyOf(from.assignment()));
    }

    private void skipWhatIsGone(Consumer<byte[], byte[]> from, OffsetOutOfRangeException e) {
        var gone = e.offsetOutOfRangePartitions();
        from.beginningOffsets(gone.keySet()).forEach((partition, beginning) -> {
            var position = positions.getOrDefault(partition, beginning);
            log.error(
                    "{}: records from offset {} on are gone from Kafka; reading on at {}. Registers that are missing"
                            + " come again from the edges, which keep what is not acknowledged.",
                    partition,
                    position,
                    beginning);
            if (!position.equals(beginning)) {
                writer.jump(partition, position, beginning);
            }
            positions.put(partition, beginning);
            from.seek(partition, beginning);
        });
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        var reader = consumer;
        if (reader == null) {
            return;
        }
        if (partitions.isEmpty()) {
            if (positions.isEmpty()) {
                recovered(); // a member of the group to whom nothing fell: others have all partitions
            }
            return;
        }
        var found = writer.positions(reader.beginningOffsets(partitions));
        positions.putAll(found);
        found.forEach(reader::seek);
        this.partitions = positions.size();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(positions::remove);
        this.partitions = positions.size();
    }

    private void failed(Exception e) {
        var cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        if (trouble == null || trouble.equals("starting")) {
            log.warn("{}: not collecting now, trying again: {}", sink.topic().topicName(), cause.toString());
        } else {
            log.debug("{}: still not collecting", sink.topic().topicName(), cause);
        }
        trouble = String.valueOf(cause.getMessage());
    }

    private void recovered() {
        if (trouble != null) {
            log.info("{}: collecting", sink.topic().topicName());
            trouble = null;
        }
    }

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
