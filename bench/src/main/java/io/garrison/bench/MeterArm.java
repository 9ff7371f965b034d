package io.garrison.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.PGConnection;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One way of working through the same records. */
interface MeterArm {

    /** Makes ready for the next round; not measured. */
    void prepare() throws SQLException;

    /** Works through all records once. */
    void run() throws Exception;

    /** @throws WrongTotal if the result is not what was generated */
    void check() throws SQLException;

    /** A fast wrong answer is no answer. */
    final class WrongTotal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongTotal(String arm, Object expected, Object found) {
            super("%s: expected %s, found %s".formatted(arm, expected, found));
        }
    }

    /** The product: collector, sink, registers and offsets in one transaction per poll. */
    record Collector(MeterServers servers, SmartLifecycle collectors, JdbcClient database, long end, LedgerTotals truth)
            implements MeterArm {

        private static final Duration LIMIT = Duration.ofMinutes(3);

        @Override
        public void prepare() throws SQLException {
            servers.asOwner("truncate reporting.meter_bucket, reporting.meter_epoch, reporting.kafka_offset");
            servers.checkpoint();
        }

        @Override
        public void run() throws InterruptedException {
            collectors.start();
            try {
                var deadline = System.nanoTime() + LIMIT.toNanos();
                while (committed() < end) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException(
                                "after %s only %d of %d records are committed".formatted(LIMIT, committed(), end));
                    }
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            } finally {
                collectors.stop();
            }
        }

        private long committed() {
            return database.sql("select coalesce(sum(next_off), 0) from reporting.kafka_offset")
                    .query(Long.class)
                    .single();
        }

        @Override
        public void check() {
            var found = LedgerTotals.read(database);
            if (!found.equals(truth)) {
                throw new WrongTotal("collector", truth, found);
            }
        }
    }

    /** What Kafka alone costs: a consumer with the collector's settings that drops what it gets. */
    final class Consume implements MeterArm {

        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> ends;
        private final long end;
        private long seen;

        Consume(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, long end) {
            this.consumer = consumer;
            this.ends = ends;
            this.end = end;
        }

        @Override
        public void prepare() {
            seen = 0;
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
        }

        @Override
        public void run() {
            var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (seen < end && System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    seen += record.value().length > 0 ? 1 : 0;
                }
            }
        }

        @Override
        public void check() {
            if (seen != end) {
                throw new WrongTotal("consume", end, seen);
            }
        }
    }

    /** What PostgreSQL alone costs: the ledger's rows by COPY into a table with no key, one commit per batch. */
    record Copy(MeterServers servers, List<byte[]> batches, long rows) implements MeterArm {

        static final String TABLE =
                "create table public.bench_copy as select * from reporting.meter_bucket with no data";
        static final String GRANT = "grant select, insert on public.bench_copy to garrison_provider";

        @Override
        public void prepare() throws SQLException {
            servers.asOwner("truncate public.bench_copy");
            servers.checkpoint();
        }

        @Override
        public void run() throws SQLException, IOException {
            try (var connection = servers.provider().getConnection()) {
                for (var batch : batches) {
                    copy(connection, batch);
                }
            }
        }

        private static void copy(Connection connection, byte[] batch) throws SQLException, IOException {
            var copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy public.bench_copy from stdin with (format binary)");
            copy.writeToCopy(batch, 0, batch.length);
            copy.endCopy();
        }

        @Override
        public void check() throws SQLException {
            long found = JdbcClient.create(servers.provider())
                    .sql("select count(*) from public.bench_copy")
                    .query(Long.class)
                    .single();
            if (found != rows) {
                throw new WrongTotal("copy", rows, found);
            }
        }
    }
}
