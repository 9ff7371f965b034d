package io.garrison.reporting.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.reporting.MigratedDatabase;
import io.garrison.reporting.ingest.BatchSink.Item;
import io.garrison.reporting.ingest.MeterCodec;
import io.garrison.reporting.ingest.StampedMeter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The moment of a reading is the same whatever the time zone of the machine, also in the hour that comes twice. */
class MeterTimesIT {

    /** Half past two in Berlin, for the first time that night. */
    private static final Instant FIRST = Instant.parse("2026-10-25T00:30:00Z");

    private final HikariDataSource pool =
            (HikariDataSource) MigratedDatabase.shared().provider();
    private final MeterSink sink = new MeterSink(
            new MeterTables(new JdbcTemplate(pool)),
            (action, type, id, details) -> {},
            Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC));
    private final TimeZone zone = TimeZone.getDefault();

    @BeforeEach
    void moveToBerlin() {
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        connectAnew();
    }

    @AfterEach
    void moveBack() {
        TimeZone.setDefault(zone);
        connectAnew();
    }

    /** A connection keeps the time zone of its birth. */
    private void connectAnew() {
        var connections = pool.getHikariPoolMXBean();
        if (connections != null) { // nobody has connected before
            connections.softEvictConnections();
        }
    }

    @Test
    void keepsTheMomentOfAReading() {
        for (var at : List.of(FIRST, FIRST.plusSeconds(3_600), FIRST.plusMillis(1_234))) {
            var stream = store(at);

            assertThat(JdbcClient.create(pool)
                            .sql("""
                                    select (extract(epoch from at) * 1000)::bigint,
                                           (extract(epoch from first_received) * 1000)::bigint
                                      from reporting.meter_bucket where stream = :s""")
                            .param("s", stream)
                            .query((row, i) ->
                                    List.of(Instant.ofEpochMilli(row.getLong(1)), Instant.ofEpochMilli(row.getLong(2))))
                            .single())
                    .containsExactly(at, at.plusMillis(7));
        }
    }

    private UUID store(Instant at) {
        var instance = UUID.randomUUID();
        var stream = MeterRecord.streamOf(instance, "shop", Source.PROXY);
        var meter = new MeterRecord(
                stream,
                "shop",
                1,
                5,
                1,
                MeterRecord.bucketOf(at),
                Kind.CLOSE,
                at,
                Source.PROXY,
                1,
                1,
                1,
                1,
                1,
                1,
                true);
        var bytes = MeterCodec.encode(new StampedMeter(
                UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), instance, at.plusMillis(7), meter));
        var item = new Item<>(new ConsumerRecord<>("g.meter.v1", 0, 0, new byte[0], bytes), sink.decode(bytes));
        new TransactionTemplate(new JdbcTransactionManager(pool))
                .executeWithoutResult(
                        status -> assertThat(sink.store(List.of(item))).isEmpty());
        return stream;
    }
}
