package io.garrison.reporting.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.PipelineApplication;
import io.garrison.instances.TelemetryIntake;
import io.garrison.protocol.MeterAck;
import io.garrison.protocol.Telemetry;
import io.garrison.reporting.LogSearch;
import io.garrison.reporting.LogSearch.LogLine;
import io.garrison.reporting.LogSearch.LogQuery;
import io.garrison.reporting.ReportCatalog;
import io.garrison.reporting.ReportCatalog.Format;
import io.garrison.reporting.ReportingException.TelemetryEarly;
import io.garrison.reporting.ReportingException.TelemetryRefused;
import io.garrison.reporting.ReportingException.UnknownReport;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.reporting.TrafficStatistics.ChartQuery;
import io.garrison.reporting.TrafficStatistics.GroupBy;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageReports;
import io.garrison.reporting.usage.UsageFlush;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenancyException;
import io.garrison.tenancy.TenantDataOwner;
import io.garrison.tenancy.TenantId;
import io.garrison.testing.TestKafka;
import io.garrison.testing.TestOpenSearch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** From the gateway through Kafka into PostgreSQL and OpenSearch and out again, on real servers. */
@SpringBootTest(classes = PipelineApplication.class)
class TelemetryPipelineIT {

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestKafka.properties().forEach((name, value) -> registry.add(name, () -> value));
        TestOpenSearch.properties().forEach((name, value) -> registry.add(name, () -> value));
        registry.add("garrison.kafka.partitions", () -> "3");
    }

    @Autowired
    TelemetryIntake intake;

    @Autowired
    UsageReports usage;

    @Autowired
    TrafficStatistics statistics;

    @Autowired
    LogSearch logs;

    @Autowired
    ReportCatalog reports;

    @Autowired
    UsageFlush flush;

    @Autowired
    TenantDataOwner owner;

    @Autowired
    Map<String, HealthIndicator> health;

    @Autowired
    PipelineApplication.Permissions permissions;

    @Autowired
    PipelineApplication.ScriptedFlushes flushes;

    @Autowired
    PipelineApplication.RecordedOperations operations;

    @Autowired
    PipelineApplication.ScriptedTenants tenants;

    private final Instant now = Instant.now();

    @BeforeEach
    void waitUntilTelemetryFlows() {
        await(() -> health.get("telemetry").health().getStatus() == Status.UP);
    }

    @AfterEach
    void allowEverythingAgain() {
        permissions.denied.clear();
    }

    @Test
    void billsWhatAnEdgeCountedAndAcknowledgesItFromTheDatabase() {
        var edge = Edge.any();
        var first = edge.meter(1, now.minusSeconds(600), 1_000);
        var second = edge.meter(2, now.minusSeconds(300), 5_000);
        var third = edge.meter(3, now, 9_007);

        accept(edge, Edge.meters(first, third));
        await(() ->
                committed(edge).equals(List.of(new MeterAck(edge.stream(), 1, 1, List.of(new MeterAck.Range(3, 3))))));
        accept(edge, Edge.meters(second, first));
        await(() -> committed(edge).equals(List.of(new MeterAck(edge.stream(), 1, 3))));
        accept(edge, Edge.meters(first, second, third));

        assertThat(total(edge.tenant(), Metric.BYTES_IN)).isEqualTo(9_007);
        assertThat(total(edge.tenant(), Metric.BYTES_OUT)).isEqualTo(18_014);
        var records = CurrentTenant.callAs(edge.tenant(), () -> usage.ofTenant(range(), null, 500))
                .items();
        assertThat(records).allMatch(record -> record.subLicenseId().equals(edge.subLicense()));
        assertThat(total(Edge.any().tenant(), Metric.BYTES_IN))
                .as("nobody else's")
                .isZero();
        assertThat(allTenants()).extracting(UsageRecord::tenantId).contains(edge.tenant());
    }

    @Test
    void pagesThroughUsageWithoutLossOrRepeat() {
        var edge = Edge.any();
        accept(edge, Edge.meters(edge.meter(1, now.minusSeconds(9_000), 10), edge.meter(2, now, 20)));
        await(() -> total(edge.tenant(), Metric.BYTES_IN) == 20);
        var whole = CurrentTenant.callAs(edge.tenant(), () -> usage.ofTenant(range(), null, 500))
                .items();

        var pages = new ArrayList<UsageRecord>();
        String after = null;
        do {
            var cursor = after;
            var page = CurrentTenant.callAs(edge.tenant(), () -> usage.ofTenant(range(), cursor, 5));
            pages.addAll(page.items());
            after = page.next();
        } while (after != null);

        assertThat(whole.size()).isGreaterThan(10);
        assertThat(pages).isEqualTo(whole);
    }

    @Test
    void refusesForeignStreamsAndImpossibleValuesAsAWhole() {
        var edge = Edge.any();
        var other = Edge.any();

        for (var bad : List.of(
                other.meter(1, now, 10),
                edge.meter(1, now, -5),
                edge.meter(1, now, Long.MAX_VALUE),
                edge.meter(0, now, 10))) {
            assertThatExceptionOfType(TelemetryRefused.class)
                    .isThrownBy(() -> accept(edge, Edge.meters(edge.meter(1, now, 10), bad)))
                    .satisfies(e -> assertThat(e.errors()).extracting("field").containsExactly("/meters/1"));
        }
    }

    /** It is right, and a clock is wrong; who has it is told to come again with it. */
    @Test
    void turnsRegistersFromTheFutureAwayAndNotForGood() {
        var edge = Edge.any();
        var early = edge.meter(1, now.plus(Duration.ofDays(1)), 10);

        assertThatExceptionOfType(TelemetryEarly.class)
                .isThrownBy(() -> accept(edge, Edge.meters(edge.meter(1, now, 10), early)))
                .satisfies(e -> assertThat(e.errors()).extracting("field").containsExactly("/meters/1"))
                .satisfies(e -> assertThat(e.kind().status()).isEqualTo(409));
        assertThatExceptionOfType(TelemetryRefused.class)
                .isThrownBy(() -> accept(edge, Edge.meters(edge.meter(1, now, -5), early)));
    }

    @Test
    void buriesPoisonWithItsReasonAndTakesItsNeighbours() {
        var edge = Edge.any();
        var poison = new ArrayList<byte[]>();
        poison.add(new byte[] {1, 2, 3});
        poison.add(new byte[] {9});
        poison.add(new byte[0]);
        poison.add("{}".getBytes(StandardCharsets.UTF_8));
        var badSample = edge.sample(now, 1);

        accept(edge, Edge.meters(edge.meter(1, now, 1)));
        try (var producer = new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var value : poison) {
                for (var topic : List.of("g.meter.v1", "g.stats.v1", "g.event.v1")) {
                    for (var partition = 0; partition < 3; partition++) {
                        producer.send(new ProducerRecord<>(topic, partition, new byte[] {1}, value));
                    }
                }
            }
            producer.send(new ProducerRecord<>("g.stats.v1", 0, null, null)); // a tombstone
        }
        accept(edge, Edge.meters(edge.meter(2, now, 4_711)));
        accept(
                edge,
                Edge.samples(
                        badSample,
                        new Telemetry.Sample(
                                UUID.randomUUID(), now, 10, "shop", 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, Double.NaN, 1, 1),
                        edge.sample(now, 5)));
        accept(edge, Edge.events(edge.event(now, "/" + "x".repeat(9_000), 200), edge.event(now, "/fine", 200)));

        await(() -> total(edge.tenant(), Metric.BYTES_IN) == 4_711);
        await(() -> search(edge.tenant(), "").size() == 1);
        await(() -> requests(edge.tenant()) == 6);
        await(() -> {
            var reasons = new HashSet<>(deadLetters("g.meter.v1.dlq"));
            return reasons.containsAll(List.of("malformed", "version-unknown"));
        });
        assertThat(deadLetters("g.event.v1.dlq")).contains("malformed", "too-long", "field-missing");
        assertThat(deadLetters("g.stats.v1.dlq")).contains("malformed", "out-of-range");
    }

    @Test
    void findsATenantsOwnEventsNewestFirstWithAStableCursor() {
        var edge = Edge.any();
        var neighbour = Edge.any();
        var events = new ArrayList<Telemetry.AccessEvent>();
        for (var i = 0; i < 25; i++) {
            events.add(edge.event(now.minusSeconds(i / 5), "/item/" + i, i % 5 == 0 ? 503 : 200));
        }
        accept(edge, Edge.events(events.toArray(new Telemetry.AccessEvent[0])));
        accept(edge, Edge.events(events.toArray(new Telemetry.AccessEvent[0]))); // again
        accept(neighbour, Edge.events(neighbour.event(now, "/secret", 200)));
        await(() -> search(edge.tenant(), "").size() == 25);
        await(() -> search(neighbour.tenant(), "").size() == 1);

        assertThat(search(edge.tenant(), "status:>=500")).hasSize(5);
        assertThat(search(edge.tenant(), "path:/item/1*")).hasSize(11);
        assertThat(search(edge.tenant(), "client:192.0.2.0/24 method:GET probe"))
                .hasSize(25);
        assertThat(search(edge.tenant(), "client:198.51.100.0/24")).isEmpty();
        assertThat(search(edge.tenant(), "secret")).isEmpty();
        assertThat(search(edge.tenant(), "path:/secret")).isEmpty();
        assertThat(search(new TenantId(UUID.randomUUID()), "")).isEmpty();
        assertThat(search(edge.tenant(), "")).allMatch(line -> events.contains(line.event()));

        var pages = new ArrayList<LogLine>();
        String after = null;
        do {
            var cursor = after;
            var page = CurrentTenant.callAs(
                    edge.tenant(),
                    () -> logs.search(new LogQuery("", now.minusSeconds(3_600), now.plusSeconds(60), 4, cursor)));
            pages.addAll(page.items());
            after = page.next();
        } while (after != null);
        assertThat(pages).isEqualTo(search(edge.tenant(), "")).doesNotHaveDuplicates();
        assertThat(pages).extracting(line -> line.event().at()).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void countsASampleOnceHoweverOftenItComes() {
        var edge = Edge.any();
        var samples = new Telemetry.Sample[30];
        for (var i = 0; i < samples.length; i++) {
            samples[i] = edge.sample(now.minusSeconds(10L * i), 7);
        }

        accept(edge, Edge.samples(samples));
        accept(edge, Edge.samples(samples[3], samples[4]));
        accept(edge, Edge.samples(samples));

        await(() -> requests(edge.tenant()) == 210);
        var fine = CurrentTenant.callAs(
                edge.tenant(),
                () -> statistics.chart(new ChartQuery(
                        now.minusSeconds(600),
                        now.plusSeconds(10),
                        Duration.ofSeconds(10),
                        TrafficStatistics.Metric.REQUESTS,
                        GroupBy.VIRTUAL_SERVICE)));
        assertThat(fine.series()).singleElement().satisfies(series -> {
            assertThat(series.key()).isEqualTo("shop");
            assertThat(series.points()).hasSize(30).allMatch(point -> point.value() == 7);
        });
        assertThat(fine.completeness()).isBetween(0.5, 1.0);
        assertThat(statistics.byTenant(now.minusSeconds(900), now.plusSeconds(300)))
                .filteredOn(traffic -> traffic.tenantId().equals(edge.tenant()))
                .singleElement()
                .satisfies(traffic -> assertThat(traffic.requests()).isEqualTo(210));
        assertThat(requests(new TenantId(UUID.randomUUID()))).isZero();
    }

    @Test
    void endsAFlushWhenTheRegistersAreCommitted() throws Exception {
        var edge = Edge.any();
        flushes.answer(edge.identity(), List.of(new MeterAck(edge.stream(), 1, 3)));

        var operation = flush.start();
        Thread.sleep(800);
        assertThat(operations.get(operation).state()).isEqualTo(Operations.State.RUNNING);
        accept(edge, Edge.meters(edge.meter(3, now, 55))); // and 2 never comes

        await(() -> operations.get(operation).state() == Operations.State.SUCCEEDED);
        assertThat(total(edge.tenant(), Metric.BYTES_IN)).isEqualTo(55);
        permissions.denied.add(Permission.USAGE_FLUSH);
        assertThatExceptionOfType(TenancyException.Forbidden.class).isThrownBy(() -> flush.start());
    }

    /** What was on its way when a tenant was erased must not come back behind the certificate. */
    @Test
    void keepsNothingOfATenantThatIsBeingErased() {
        var gone = Edge.any();
        var other = Edge.any();
        accept(gone, Edge.meters(gone.meter(1, now, 11)));
        await(() -> total(gone.tenant(), Metric.BYTES_IN) == 11);
        tenants.gone.add(gone.tenant());

        accept(gone, Edge.meters(gone.meter(2, now, 4_000)));
        accept(gone, Edge.samples(gone.sample(now, 7)));
        for (var edge : List.of(gone, other)) {
            for (int sequence = 3; sequence < 30; sequence++) {
                accept(edge, Edge.meters(edge.meter(sequence, now, 4_000 + sequence)));
            }
        }

        await(() -> total(other.tenant(), Metric.BYTES_IN) == 4_029);
        assertThat(total(gone.tenant(), Metric.BYTES_IN)).isEqualTo(11);
        assertThat(requests(gone.tenant())).isZero();
    }

    /** The batch was under way when it began: events are in OpenSearch already then, and registers about to be stored. */
    @Test
    void keepsNothingOfATenantWhoseErasureBeginsInTheMiddleOfABatch() {
        var leaving = Edge.any();
        var other = Edge.any();
        accept(leaving, Edge.meters(leaving.meter(1, now, 11)));
        accept(leaving, Edge.events(leaving.event(now, "/before", 200)));
        await(() -> total(leaving.tenant(), Metric.BYTES_IN) == 11);
        await(() -> search(leaving.tenant(), "").size() == 1);
        tenants.leaving.add(leaving.tenant());

        for (int sequence = 2; sequence < 12; sequence++) {
            for (var edge : List.of(leaving, other)) {
                accept(edge, Edge.meters(edge.meter(sequence, now, 4_000 + sequence)));
                accept(edge, Edge.events(edge.event(now, "/item", 200)));
            }
        }

        await(() -> total(other.tenant(), Metric.BYTES_IN) == 4_011);
        await(() -> search(other.tenant(), "").size() == 10);
        assertThat(total(leaving.tenant(), Metric.BYTES_IN)).isEqualTo(11);
        await(() -> search(leaving.tenant(), "").size() == 1);
    }

    /** Months of zones that are half an hour apart from UTC begin and end within an hour of usage. */
    @Test
    void reportsAnHourInOneOfTwoPeriodsThatFollowEachOther() {
        var edge = Edge.any();
        accept(edge, Edge.meters(edge.meter(1, now, 77_077)));
        await(() -> total(edge.tenant(), Metric.BYTES_IN) == 77_077);
        var within = now.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofMinutes(30));

        assertThat(csv(edge, now.minusSeconds(86_400), within)).contains("77077");
        assertThat(csv(edge, within, within.plusSeconds(86_400))).doesNotContain("77077");
    }

    private String csv(Edge edge, Instant from, Instant to) {
        var run = CurrentTenant.callAs(edge.tenant(), () -> reports.start("usage-monthly", from, to));
        await(() ->
                CurrentTenant.callAs(edge.tenant(), () -> reports.run(run.id())).state()
                        == ReportCatalog.State.SUCCEEDED);
        return new String(
                CurrentTenant.callAs(edge.tenant(), () -> reports.file(run.id(), Format.CSV))
                        .content(),
                StandardCharsets.UTF_8);
    }

    @Test
    void makesAReportThatAddsUpToTheUsage() {
        var edge = Edge.any();
        accept(edge, Edge.meters(edge.meter(1, now.minusSeconds(4_000), 123), edge.meter(2, now, 1_234_567)));
        await(() -> total(edge.tenant(), Metric.BYTES_IN) == 1_234_567);

        var run = CurrentTenant.callAs(
                edge.tenant(), () -> reports.start("usage-monthly", now.minusSeconds(86_400), now.plusSeconds(3_600)));
        await(() ->
                CurrentTenant.callAs(edge.tenant(), () -> reports.run(run.id())).state()
                        == ReportCatalog.State.SUCCEEDED);

        var csv = new String(
                CurrentTenant.callAs(edge.tenant(), () -> reports.file(run.id(), Format.CSV))
                        .content(),
                StandardCharsets.UTF_8);
        assertThat(csv.lines().filter(line -> line.startsWith("Total")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("1234567", "2469134"));
        assertThat(csv).contains("Failover rehearsals", "main, web", "Fault, 10 s");
        for (var format : Format.values()) {
            assertThat(CurrentTenant.callAs(edge.tenant(), () -> reports.file(run.id(), format))
                            .content())
                    .isNotEmpty();
        }
        assertThat(operations.get(run.operation()).state()).isEqualTo(Operations.State.SUCCEEDED);
        var stranger = new TenantId(UUID.randomUUID());
        assertThatExceptionOfType(UnknownReport.class)
                .isThrownBy(() -> CurrentTenant.callAs(stranger, () -> reports.file(run.id(), Format.PDF)));
        assertThat(CurrentTenant.callAs(stranger, () -> reports.runs(null, 10)).items())
                .isEmpty();
    }

    @Test
    void erasesATenantAndNobodyElse() {
        var leaving = Edge.any();
        var staying = Edge.any();
        for (var edge : List.of(leaving, staying)) {
            accept(edge, Edge.meters(edge.meter(1, now, 10)));
            accept(edge, Edge.events(edge.event(now, "/", 200)));
            accept(edge, Edge.samples(edge.sample(now, 1)));
            await(() -> total(edge.tenant(), Metric.BYTES_IN) == 10);
            await(() -> search(edge.tenant(), "").size() == 1);
            await(() -> requests(edge.tenant()) == 1);
        }

        var erased = CurrentTenant.callAs(leaving.tenant(), () -> owner.erase(leaving.tenant()));

        assertThat(erased).isEqualTo(6);
        await(() -> search(leaving.tenant(), "").isEmpty());
        assertThat(total(leaving.tenant(), Metric.BYTES_IN)).isZero();
        assertThat(requests(leaving.tenant())).isZero();
        assertThat(total(staying.tenant(), Metric.BYTES_IN)).isEqualTo(10);
        assertThat(search(staying.tenant(), "")).hasSize(1);
    }

    @Test
    void makesItsTopicsWithTheConfiguredPartitionsAndIsReady() throws Exception {
        accept(Edge.any(), new Telemetry(List.of(), List.of(), List.of()));
        try (var admin = Admin.create(kafka())) {
            var topics = admin.describeTopics(List.of("g.meter.v1", "g.stats.v1", "g.event.v1", "g.event.v1.dlq"))
                    .allTopicNames()
                    .get();
            assertThat(topics.get("g.meter.v1").partitions()).hasSize(3);
            assertThat(topics.get("g.event.v1").partitions()).hasSize(3);
            assertThat(topics.get("g.event.v1.dlq").partitions()).hasSize(1);
        }
        await(() -> health.get("telemetry").health().getStatus() == Status.UP);
        assertThat(health.get("search").health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void checksPermissionsOnEveryRead() {
        permissions.denied.addAll(List.of(Permission.USAGE_VIEW, Permission.TELEMETRY_VIEW));
        var tenant = Edge.any().tenant();

        for (Runnable read : List.<Runnable>of(
                () -> usage.ofTenant(range(), null, 10),
                () -> usage.ofAllTenants(range(), null, 10),
                () -> usage.wholeStreamsOfAllTenants(range(), null),
                () -> CurrentTenant.callAs(tenant, () -> usage.wholeStreamsOfTenant(range(), null)),
                () -> search(tenant, ""),
                () -> requests(tenant),
                () -> statistics.byTenant(now.minusSeconds(1), now),
                () -> CurrentTenant.callAs(tenant, () -> reports.runs(null, 10)))) {
            assertThatExceptionOfType(TenancyException.Forbidden.class).isThrownBy(read::run);
        }
    }

    private void accept(Edge edge, Telemetry batch) {
        CurrentTenant.runAs(edge.tenant(), () -> intake.accept(edge.identity(), edge.subLicense(), batch));
    }

    private List<MeterAck> committed(Edge edge) {
        return CurrentTenant.callAs(edge.tenant(), () -> intake.committed(edge.identity()));
    }

    private UsageQuery range() {
        return new UsageQuery(now.minusSeconds(86_400), now.plusSeconds(3_600));
    }

    /** What other tests left is of many hours and may fill more than one page. */
    private List<UsageRecord> allTenants() {
        var records = new ArrayList<UsageRecord>();
        String after = null;
        do {
            var page = usage.ofAllTenants(range(), after, UsageReports.LARGEST_PAGE);
            records.addAll(page.items());
            after = page.next();
        } while (after != null);
        return records;
    }

    private long total(TenantId tenant, Metric metric) {
        return CurrentTenant.callAs(tenant, () -> usage.ofTenant(range(), null, UsageReports.LARGEST_PAGE))
                .items()
                .stream()
                .filter(record -> record.metric() == metric)
                .mapToLong(record -> record.quantity().longValueExact())
                .sum();
    }

    private double requests(TenantId tenant) {
        var chart = CurrentTenant.callAs(
                tenant,
                () -> statistics.chart(new ChartQuery(
                        now.minusSeconds(3_600),
                        now.plusSeconds(300),
                        Duration.ofMinutes(5),
                        TrafficStatistics.Metric.REQUESTS,
                        GroupBy.TOTAL)));
        return chart.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(TrafficStatistics.Point::value)
                .sum();
    }

    private List<LogLine> search(TenantId tenant, String query) {
        return CurrentTenant.callAs(
                        tenant,
                        () -> logs.search(new LogQuery(query, now.minusSeconds(3_600), now.plusSeconds(60), 500, null)))
                .items();
    }

    private static List<String> deadLetters(String topic) {
        var reasons = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(kafka(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> reasons.add(
                                new String(record.headers().lastHeader("reason").value(), StandardCharsets.UTF_8)));
            }
        }
        return reasons;
    }

    private static Map<String, Object> kafka() {
        var properties = TestKafka.properties();
        return Map.of(
                "bootstrap.servers",
                TestKafka.bootstrap(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(
                                properties.get("garrison.kafka.username"), properties.get("garrison.kafka.password")));
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(end);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
