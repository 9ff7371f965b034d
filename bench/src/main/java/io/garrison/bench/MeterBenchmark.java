package io.garrison.bench;

import io.garrison.reporting.ingest.KafkaClients;
import io.garrison.reporting.ingest.KafkaTopics;
import io.garrison.reporting.ingest.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A backlog of meter records through the product's collector into the ledger, against reading the same topic and doing
 * nothing, and against COPY of the same rows into a bare table. One topic, written once; the arms take turns, forwards
 * and backwards; after each round the result is compared with what was generated.
 */
final class MeterBenchmark implements Benchmark {

    private static final List<String> ARMS = List.of("collector", "consume", "copy");

    private static final int ATTEMPTS = 5;

    private final int edges;
    private final int intervals;
    private final int rounds;

    MeterBenchmark() {
        this(2_000, 250, 7);
    }

    MeterBenchmark(int edges, int intervals, int rounds) {
        this.edges = edges;
        this.intervals = intervals;
        this.rounds = rounds;
    }

    @Override
    public Map<String, Object> run() throws Exception {
        try (var servers = new MeterServers();
                var context = MeterPipeline.on(servers)) {
            var workload = new MeterWorkload(edges, intervals);
            var arms = arms(servers, context, workload);
            var taken = new LinkedHashMap<String, List<Watch.Taken>>();
            for (int round = 0; round <= rounds; round++) {
                for (var name : round % 2 == 0 ? ARMS : ARMS.reversed()) {
                    var arm = Objects.requireNonNull(arms.get(name));
                    arm.prepare();
                    System.gc(); // each begins with an empty heap
                    var watch = Watch.start(servers.processes());
                    arm.run();
                    var figures = watch.stop();
                    arm.check();
                    if (round > 0) { // the first one warms up
                        taken.computeIfAbsent(name, ignored -> new ArrayList<>())
                                .add(figures);
                    }
                }
            }
            return figures(workload, taken);
        }
    }

    /** Writes the topic. */
    static Map<String, MeterArm> arms(MeterServers servers, ApplicationContext context, MeterWorkload workload)
            throws Exception {
        var clients = context.getBean(KafkaClients.class);
        ensure(context.getBean(KafkaTopics.class));
        var producer = clients.producer();
        var refused = new ConcurrentLinkedQueue<ProducerRecord<byte[], byte[]>>();
        workload.generate((key, value) -> {
            var one = new ProducerRecord<>(Topic.METER.topicName(), key, value);
            producer.send(one, (written, failure) -> {
                if (failure != null) {
                    refused.add(one);
                }
            });
        });
        producer.flush();
        // As an edge does, to which a broker that has just started did not answer in time.
        for (var one : refused) {
            producer.send(one).get();
        }
        var consumer = clients.consumer("garrison-bench");
        var partitions = IntStream.range(0, clients.settings().partitions())
                .mapToObj(number -> new TopicPartition(Topic.METER.topicName(), number))
                .toList();
        var ends = consumer.endOffsets(partitions);
        long end = ends.values().stream().mapToLong(Long::longValue).sum();
        if (end != workload.records()) {
            throw new MeterArm.WrongTotal("topic", workload.records(), end);
        }
        servers.asOwner(MeterArm.Copy.TABLE, MeterArm.Copy.GRANT);
        return Map.of(
                "collector",
                new MeterArm.Collector(
                        servers,
                        context.getBean("telemetry", SmartLifecycle.class),
                        JdbcClient.create(servers.provider()),
                        end,
                        workload.truth()),
                "consume",
                new MeterArm.Consume(consumer, ends, end),
                "copy",
                new MeterArm.Copy(servers, workload.copies(), workload.truth().intervals()));
    }

    /** A broker that has just started on a busy machine may not answer within the product's limit; the product asks again. */
    private static void ensure(KafkaTopics topics) throws InterruptedException, ExecutionException, TimeoutException {
        for (int attempt = 1; !topics.isReady(); attempt++) {
            try {
                topics.ensure();
            } catch (ExecutionException | TimeoutException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Map<String, Object> figures(MeterWorkload workload, Map<String, List<Watch.Taken>> taken) {
        long records = workload.records();
        var collector = taken.getOrDefault("collector", List.of());
        var figures = new LinkedHashMap<String, Object>();
        figures.put("edges", edges);
        figures.put("records", records);
        figures.put("ledgerRows", workload.truth().intervals());
        figures.put("contentSha256", workload.hash());
        figures.put("totals", workload.truth());
        figures.put("rounds", taken);
        figures.put(
                "disturbed",
                taken.values().stream().anyMatch(arm -> arm.stream().anyMatch(Watch.Taken::isDisturbed)));
        figures.put("recordsPerSecond", each(taken, arm -> Results.median(walls(arm)), records));
        figures.put("recordsPerCoreSecond", each(taken, arm -> Results.median(cpus(arm)), records));
        var consume = Ratio.of(cpus(taken.getOrDefault("consume", List.of())), cpus(collector));
        var copy = Ratio.of(cpus(taken.getOrDefault("copy", List.of())), cpus(collector));
        figures.put("perCoreAgainstConsume", consume);
        figures.put("perCoreAgainstCopy", copy);
        figures.put(
                "summary",
                "collector %,.0f records/s, %,.0f per core-second; per core %s of reading alone, %s of COPY alone"
                        .formatted(
                                records / Results.median(walls(collector)),
                                records / Results.median(cpus(collector)),
                                consume,
                                copy));
        return figures;
    }

    private static Map<String, Long> each(
            Map<String, List<Watch.Taken>> taken,
            java.util.function.ToDoubleFunction<List<Watch.Taken>> seconds,
            long records) {
        return taken.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        arm -> Math.round(records / seconds.applyAsDouble(arm.getValue())),
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    private static List<Double> walls(List<Watch.Taken> arm) {
        return arm.stream().map(Watch.Taken::wallSeconds).toList();
    }

    private static List<Double> cpus(List<Watch.Taken> arm) {
        return arm.stream().map(Watch.Taken::allCpuSeconds).toList();
    }
}
