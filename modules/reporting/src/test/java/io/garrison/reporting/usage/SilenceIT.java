package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.reporting.MigratedDatabase;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.ingest.BatchSink.Item;
import io.garrison.reporting.ingest.MeterCodec;
import io.garrison.reporting.ingest.StampedMeter;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Silence is on the bill for hours that are over, as long as the instance was there (ADR 24). */
class SilenceIT {

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-20T15:30:00Z");

    private final DataSource pool = MigratedDatabase.shared().provider();
    private final Map<UUID, Instant> left = new HashMap<>();
    private final UsageLedger ledger = new UsageLedger(
            JdbcClient.create(pool), new JdbcTransactionManager(pool), ids -> left, Clock.fixed(NOW, ZoneOffset.UTC));
    private final MeterSink sink = new MeterSink(
            new MeterTables(new JdbcTemplate(pool)),
            (action, type, id, details) -> {},
            Clock.fixed(NOW, ZoneOffset.UTC));
    private final TenantId tenant = new TenantId(UUID.randomUUID());

    @Test
    void endsWithTheHourThatIsRunning() {
        hear(UUID.randomUUID());

        assertThat(silentHours()).containsExactly(11, 12, 13, 14);
    }

    @Test
    void endsWithTheInstanceThatLeft() {
        var instance = UUID.randomUUID();
        hear(instance);
        left.put(instance, Instant.parse("2026-11-20T13:20:00Z"));

        assertThat(silentHours()).containsExactly(11, 12);
    }

    /** The clock of who decommissioned it may be ahead of this one. */
    @Test
    void endsNoLaterForAnInstanceThatLeavesInTheFuture() {
        var instance = UUID.randomUUID();
        hear(instance);
        left.put(instance, NOW.plusSeconds(7_200));

        assertThat(silentHours()).containsExactly(11, 12, 13, 14);
    }

    @Test
    void endsForEachInstanceByItself() {
        var instance = UUID.randomUUID();
        hear(instance);
        hear(UUID.randomUUID());
        left.put(instance, Instant.parse("2026-11-20T12:00:00Z"));

        assertThat(silentHours()).containsExactlyInAnyOrder(11, 11, 12, 13, 14);
    }

    private List<Integer> silentHours() {
        return ledger.page(new UsageQuery(TEN, TEN.plusSeconds(36_000), tenant, null), null, 1_000).items().stream()
                .filter(UsageRecord::isSilence)
                .filter(line -> line.metric() == UsageRecord.Metric.BYTES_IN)
                .map(line -> line.from().atZone(ZoneOffset.UTC).getHour())
                .toList();
    }

    /** One reading at five past ten, and nothing after it. */
    private void hear(UUID instance) {
        var stream = MeterRecord.streamOf(instance, "shop", Source.PROXY);
        var at = TEN.plusSeconds(300);
        var bucket = MeterRecord.bucketOf(TEN);
        var meter =
                new MeterRecord(stream, "shop", 1, 5, 1, bucket, Kind.CLOSE, at, Source.PROXY, 1, 1, 1, 1, 1, 1, true);
        var bytes = MeterCodec.encode(
                new StampedMeter(tenant.value(), UUID.randomUUID(), UUID.randomUUID(), instance, at, meter));
        var item = new Item<>(new ConsumerRecord<>("g.meter.v1", 0, 0, new byte[0], bytes), sink.decode(bytes));
        new TransactionTemplate(new JdbcTransactionManager(pool))
                .executeWithoutResult(
                        status -> assertThat(sink.store(List.of(item))).isEmpty());
    }
}
