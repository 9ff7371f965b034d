package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.protocol.MeterRecord;
import io.garrison.reporting.MigratedDatabase;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.reporting.UsageRecord.Quality;
import io.garrison.reporting.ingest.BatchSink.Item;
import io.garrison.reporting.ingest.BatchSink.Rejected;
import io.garrison.reporting.ingest.MeterCodec;
import io.garrison.reporting.ingest.OffsetStore;
import io.garrison.reporting.ingest.StampedMeter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The meter's SQL against the same model as the unit tests, on a real PostgreSQL (I1, I2, F3, F14, F24). */
class MeterRegistersIT {

    private final MigratedDatabase database = MigratedDatabase.shared();
    private final DataSource pool = database.provider();
    private final TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
    private final UsageLedger ledger = new UsageLedger(
            JdbcClient.create(pool), new JdbcTransactionManager(pool), ids -> Map.of(), Clock.systemUTC());
    private final OffsetStore offsets = new OffsetStore(JdbcClient.create(pool));
    private final List<String> audited = Collections.synchronizedList(new ArrayList<>());
    private final MeterSink sink = new MeterSink(
            new MeterTables(new JdbcTemplate(pool)),
            (action, type, id, details) -> audited.add(action + " " + id),
            Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC));

    @Test
    void keepsTheSameRegistersAsTheModelInEveryHistory() {
        for (var seed = 0; seed < 150; seed++) {
            var random = new Random(seed);
            var edge = new SimulatedStream(random, UUID.randomUUID(), UUID.randomUUID())
                    .live(1 + random.nextInt(3), 1 + random.nextInt(30));
            var delivered = new ArrayList<StampedMeter>();
            edge.records.stream().filter(record -> random.nextInt(6) > 0).forEach(delivered::add);
            edge.records.stream().filter(record -> random.nextInt(4) == 0).forEach(delivered::add);
            Collections.shuffle(delivered, random);
            var model = new InMemoryLedger();

            for (var from = 0; from < delivered.size(); ) {
                var to = Math.min(delivered.size(), from + 1 + random.nextInt(25));
                var batch = delivered.subList(from, to);
                assertThat(store(batch)).isEmpty();
                model.take(batch);
                from = to;
            }

            var first = SimulatedStream.FIRST_BUCKET / 12;
            requireSame(edge, model, seed);
            var bytes = HourlyUsage.derive(
                            edge.key, ledger.registers(edge.key, first, first + 90), first, first + 90, first + 90)
                    .stream()
                    .filter(line -> line.metric() == Metric.BYTES_IN)
                    .mapToLong(line -> line.quantity().longValueExact())
                    .sum();
            assertThat(bytes).as("seed %d", seed).isLessThanOrEqualTo(SimulatedStream.sum(edge.bytesByBucket));

            var again = edge.setBackTo(1 + random.nextInt(edge.records.size()));
            assertThat(store(again)).isEmpty();
            model.take(again);
            requireSame(edge, model, seed);
        }
    }

    private void requireSame(SimulatedStream edge, InMemoryLedger model, int seed) {
        var first = SimulatedStream.FIRST_BUCKET / 12;
        for (var hour = first; hour < first + 18; hour += 3) {
            var found = ledger.registers(edge.key, hour, hour + 3);
            var modelled = model.registers(edge.key, hour, hour + 3);
            assertThat(found.stream().map(MeterRegistersIT::comparable).toList())
                    .as("seed %d, hour %d", seed, hour)
                    .isEqualTo(
                            modelled.stream().map(MeterRegistersIT::comparable).toList());
            assertThat(HourlyUsage.derive(edge.key, found, hour, hour + 3, hour + 3))
                    .as("seed %d, hour %d", seed, hour)
                    .isEqualTo(HourlyUsage.derive(edge.key, modelled, hour, hour + 3, hour + 3));
        }
    }

    @Test
    void acknowledgesOnlyWhatHasNoGap() {
        var edge = new SimulatedStream(new Random(1003), UUID.randomUUID(), UUID.randomUUID()).live(1, 1);
        while (edge.records.size() < 5) {
            edge = new SimulatedStream(new Random(edge.records.hashCode()), UUID.randomUUID(), UUID.randomUUID())
                    .live(1, 40);
        }
        var records = edge.records;

        store(List.of(records.get(0), records.get(1), records.get(3)));
        assertThat(contiguous(edge)).isEqualTo(2);

        store(List.of(records.get(2)));
        assertThat(contiguous(edge)).isEqualTo(4);
    }

    @Test
    void billsNothingOfAClonedEdgeAndTells() {
        var edge = new SimulatedStream(new Random(1009), UUID.randomUUID(), UUID.randomUUID()).live(1, 20);
        var original = edge.records.getFirst();
        var clone = withNonce(original, original.meter().nonce() + 1);
        store(List.of(original));

        var rejected = store(List.of(clone));
        transactions.executeWithoutResult(status -> sink.note(rejected));
        transactions.executeWithoutResult(status -> sink.note(rejected));

        assertThat(rejected).extracting(Rejected::reason).containsExactly("nonce-mismatch");
        assertThat(state(edge)).isEqualTo("QUARANTINED");
        assertThat(audited).as("once").containsExactly("meter.quarantined " + edge.key.stream());
        store(edge.records);
        assertThat(state(edge)).as("the first one goes on").isEqualTo("QUARANTINED");
        var first = SimulatedStream.FIRST_BUCKET / 12;
        assertThat(HourlyUsage.derive(
                        edge.key, ledger.registers(edge.key, first, first + 90), first, first + 90, first + 90))
                .as("the second one's is missing")
                .isNotEmpty()
                .allMatch(line -> line.metric() == Metric.PEAK_BPS || line.quality() == Quality.ESTIMATED);
        assertThat(contiguous(edge)).isEqualTo(edge.records.size());
    }

    @Test
    void remembersNoSequenceFarBeyondWhatItKnows() {
        var edge = new SimulatedStream(new Random(1010), UUID.randomUUID(), UUID.randomUUID()).live(1, 3);
        var m = edge.records.getFirst().meter();
        var far = new MeterRecord(
                m.stream(),
                "shop",
                1,
                m.nonce(),
                100_001,
                m.bucket(),
                m.kind(),
                m.at(),
                m.source(),
                1,
                1,
                1,
                1,
                1,
                1,
                true);

        assertThat(store(List.of(stamped(edge, far))))
                .extracting(Rejected::reason)
                .containsExactly("sequence-too-far");
    }

    /** What was in a gap may never come; the stream goes on as long as the machine runs. */
    @Test
    void goesOnBehindAGapForAsLongAsTheEdgeCounts() {
        var edge = new SimulatedStream(new Random(1011), UUID.randomUUID(), UUID.randomUUID()).live(1, 3);
        var m = edge.records.getFirst().meter();
        for (long sequence : List.of(2L, 90_000L, 180_000L, 270_000L)) {
            var next = new MeterRecord(
                    m.stream(),
                    "shop",
                    1,
                    m.nonce(),
                    sequence,
                    m.bucket(),
                    m.kind(),
                    m.at(),
                    m.source(),
                    Long.MAX_VALUE / 4,
                    1,
                    1,
                    1,
                    1,
                    1,
                    true);
            assertThat(store(List.of(stamped(edge, next)))).isEmpty();
        }
        assertThat(contiguous(edge)).isZero();
    }

    @Test
    void letsOneOfTwoOwnersOfAPartitionCommit() throws Exception {
        var partition = new TopicPartition("zombie-" + UUID.randomUUID(), 0);
        assertThat(transactions.<Map<TopicPartition, Long>>execute(status -> offsets.load(Map.of(partition, 5L))))
                .containsEntry(partition, 5L);
        var edges = List.of(
                new SimulatedStream(new Random(1020), UUID.randomUUID(), UUID.randomUUID()).live(1, 5),
                new SimulatedStream(new Random(1021), UUID.randomUUID(), UUID.randomUUID()).live(1, 5));

        var outcomes = new ArrayList<Boolean>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempts = edges.stream()
                    .map(edge -> threads.submit(() -> transactions.execute(status -> {
                        sink.store(items(edge.records));
                        offsets.advance(partition, 5, 5 + edge.records.size());
                        return true;
                    })))
                    .toList();
            for (var attempt : attempts) {
                try {
                    outcomes.add(attempt.get());
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(OffsetStore.Fenced.class);
                    outcomes.add(false);
                }
            }
        }

        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
        var loser = edges.get(outcomes.indexOf(false));
        assertThat(ledger.registers(loser.key, 0, 1_000_000)).as("rolled back").isEmpty();
    }

    @Test
    void showsATenantItsOwnRegistersOnly() {
        var mine = new SimulatedStream(new Random(1030), UUID.randomUUID(), UUID.randomUUID()).live(1, 5);
        var theirs = new SimulatedStream(new Random(1031), UUID.randomUUID(), UUID.randomUUID()).live(1, 5);
        store(mine.records);
        store(theirs.records);
        var application = new TransactionTemplate(new JdbcTransactionManager(database.application()));
        var client = JdbcClient.create(((JdbcTransactionManager) application.getTransactionManager()).getDataSource());

        for (var table : List.of("meter_epoch", "meter_bucket")) {
            var seen = application.execute(status -> {
                client.sql("select set_config('garrison.tenant_id', :t, true)")
                        .param("t", mine.key.tenant().toString())
                        .query(String.class)
                        .single();
                return client.sql("select distinct tenant_id from reporting." + table)
                        .query(UUID.class)
                        .list();
            });
            assertThat(seen).as(table).containsExactly(mine.key.tenant());
            assertThat(client.sql("select count(*) from reporting." + table)
                            .query(Long.class)
                            .single())
                    .as("%s with no tenant bound", table)
                    .isZero();
            assertThatExceptionOfType(DataAccessException.class)
                    .as("%s is not the application's to write", table)
                    .isThrownBy(() -> client.sql("update reporting." + table + " set epoch = 1")
                            .update());
        }
        assertThatExceptionOfType(DataAccessException.class)
                .as("offsets are no tenant's business")
                .isThrownBy(() -> client.sql("select * from reporting.kafka_offset")
                        .query()
                        .listOfRows());
    }

    private List<Rejected<StampedMeter>> store(List<StampedMeter> records) {
        return transactions.execute(status -> {
            var rejected = sink.store(items(records));
            if (!rejected.isEmpty()) {
                status.setRollbackOnly();
            }
            return rejected;
        });
    }

    private List<Item<StampedMeter>> items(List<StampedMeter> records) {
        return records.stream()
                .map(stamped -> {
                    var bytes = MeterCodec.encode(stamped);
                    return new Item<>(new ConsumerRecord<>("g.meter.v1", 0, 0, new byte[0], bytes), sink.decode(bytes));
                })
                .toList();
    }

    private long contiguous(SimulatedStream edge) {
        return JdbcClient.create(pool)
                .sql("select contig_seq from reporting.meter_epoch where stream = :s")
                .param("s", edge.key.stream())
                .query(Long.class)
                .single();
    }

    private String state(SimulatedStream edge) {
        return JdbcClient.create(pool)
                .sql("select state from reporting.meter_epoch where stream = :s")
                .param("s", edge.key.stream())
                .query(String.class)
                .single();
    }

    private static StampedMeter withNonce(StampedMeter s, long nonce) {
        var m = s.meter();
        return new StampedMeter(
                s.tenant(),
                s.subLicense(),
                s.stack(),
                s.instance(),
                s.receivedAt(),
                new MeterRecord(
                        m.stream(),
                        m.virtualService(),
                        m.epoch(),
                        nonce,
                        m.sequence(),
                        m.bucket(),
                        m.kind(),
                        m.at(),
                        m.source(),
                        m.bytesIn() + 1_000_000,
                        m.bytesOut(),
                        m.requests(),
                        m.connections(),
                        m.activeNanos(),
                        m.peakBps(),
                        m.exact()));
    }

    private static StampedMeter stamped(SimulatedStream edge, MeterRecord meter) {
        return new StampedMeter(
                edge.key.tenant(), edge.subLicense, edge.key.stack(), edge.key.instance(), meter.at(), meter);
    }

    private static Object comparable(Registers registers) {
        return List.of(registers.epoch(), registers.finished(), registers.seen().toString(), registers.readings());
    }
}
