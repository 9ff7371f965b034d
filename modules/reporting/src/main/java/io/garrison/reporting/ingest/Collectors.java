package io.garrison.reporting.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Runs one collector per sink, and tells whether telemetry flows. */
@Component("telemetry")
class Collectors implements SmartLifecycle, HealthIndicator, MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(Collectors.class);

    private final KafkaClients clients;
    private final KafkaTopics topics;
    private final BatchWriter writer;
    private final List<BatchSink<?>> sinks;
    private final List<Collector<?>> collectors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Collectors(KafkaClients clients, KafkaTopics topics, BatchWriter writer, List<BatchSink<?>> sinks) {
        this.clients = clients;
        this.topics = topics;
        this.writer = writer;
        this.sinks = sinks;
    }

    @Override
    public synchronized void start() {
        if (!clients.settings().isPresent()) {
            log.warn("garrison.kafka.bootstrap is not set: no telemetry is taken and none is collected");
            return;
        }
        for (var sink : sinks) {
            var collector = new Collector<>(clients, topics, writer, sink);
            collectors.add(collector);
            threads.add(Thread.ofPlatform()
                    .name("collector-" + sink.topic().topicName())
                    .daemon()
                    .start(collector));
        }
    }

    /** {@code garrison_collector_partitions}: how a topic's partitions are shared out between replicas. */
    @Override
    public void bindTo(MeterRegistry registry) {
        for (var sink : sinks) {
            Gauge.builder("garrison.collector.partitions", this, all -> all.partitions(sink.topic()))
                    .description("Partitions of the topic that fell to this replica")
                    .tag("topic", sink.topic().topicName())
                    .register(registry);
        }
    }

    private synchronized int partitions(Topic topic) {
        return collectors.stream()
                .filter(collector -> collector.topic() == topic)
                .mapToInt(Collector::partitions)
                .sum();
    }

    @Override
    public synchronized void stop() {
        collectors.forEach(Collector::stop);
        for (var thread : threads) {
            try {
                if (!thread.join(Duration.ofSeconds(10))) {
                    log.warn("{} does not end; its transaction will be rolled back", thread.getName());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        collectors.clear();
        threads.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !threads.isEmpty();
    }

    @Override
    public synchronized Health health() {
        if (collectors.isEmpty()) {
            return Health.down()
                    .withDetail("kafka", "garrison.kafka.bootstrap is not set")
                    .build();
        }
        var health = Health.up();
        for (var collector : collectors) {
            var trouble = collector.trouble();
            if (trouble != null) {
                health.down().withDetail(collector.topic().topicName(), trouble);
            }
        }
        return health.build();
    }
}
