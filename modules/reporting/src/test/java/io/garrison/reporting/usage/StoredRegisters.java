package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.reporting.MigratedDatabase;
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
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Registers of a tenant of its own in the shared database, and the ledger that reads them at a fixed time. */
final class StoredRegisters {

    final TenantId tenant = new TenantId(UUID.randomUUID());
    final Map<UUID, Instant> left = new HashMap<>();
    final UsageLedger ledger;
    private final UUID stack = UUID.randomUUID();
    private final UUID subLicense = UUID.randomUUID();
    private final DataSource pool = MigratedDatabase.shared().provider();
    private final MeterSink sink;

    StoredRegisters(Instant now) {
        var clock = Clock.fixed(now, ZoneOffset.UTC);
        ledger = new UsageLedger(JdbcClient.create(pool), new JdbcTransactionManager(pool), ids -> left, clock);
        sink = new MeterSink(new MeterTables(new JdbcTemplate(pool)), (action, type, id, details) -> {}, clock);
    }

    /** The register of the service {@code shop} at the end of an interval; each of its counters is {@code value}. */
    void hear(UUID instance, long sequence, Instant at, long value) {
        var stream = MeterRecord.streamOf(instance, "shop", Source.PROXY);
        var bucket = MeterRecord.bucketOf(at.minusNanos(1));
        var meter = new MeterRecord(
                stream,
                "shop",
                1,
                5,
                sequence,
                bucket,
                Kind.CLOSE,
                at,
                Source.PROXY,
                value,
                value,
                value,
                value,
                value,
                value,
                true);
        var bytes = MeterCodec.encode(new StampedMeter(tenant.value(), stack, subLicense, instance, at, meter));
        var item = new Item<>(new ConsumerRecord<>("g.meter.v1", 0, 0, new byte[0], bytes), sink.decode(bytes));
        new TransactionTemplate(new JdbcTransactionManager(pool))
                .executeWithoutResult(
                        status -> assertThat(sink.store(List.of(item))).isEmpty());
    }
}
