package io.garrison.reporting.usage;

import io.garrison.reporting.ingest.Rows;
import io.garrison.reporting.ingest.Rows.Column;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of the meter; to be called in the provider's scope and in a transaction. One statement per table and poll. */
@Component
public class MeterTables {

    private static final String LOCK = """
            select e.tenant_id, e.stream, e.epoch, e.nonce, e.contig_seq
              from reporting.meter_epoch e
              join unnest(?::uuid[], ?::uuid[], ?::bigint[]) as k (tenant_id, stream, epoch)
             using (tenant_id, stream, epoch)
             order by 1, 2, 3
               for update of e""";

    private static final String MERGE_EPOCHS = """
            insert into reporting.meter_epoch as e (tenant_id, stream, epoch, nonce, stack_id, instance_id,
                virtual_service, source, seen, contig_seq, max_seq, final_seq, state, updated_at)
            select n.tenant_id, n.stream, n.epoch, n.nonce, n.stack_id, n.instance_id, n.virtual_service, n.source,
                   n.seen::int8multirange, n.contig_seq, n.max_seq, n.final_seq,
                   case when n.final_seq is null then 'OPEN' else 'FINAL' end, ?
              from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::uuid[], ?::uuid[], ?::text[], ?::text[],
                          ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                as n (tenant_id, stream, epoch, nonce, stack_id, instance_id, virtual_service, source, seen, contig_seq,
                      max_seq, final_seq)
            on conflict (tenant_id, stream, epoch) do update set
                seen = e.seen + excluded.seen,
                contig_seq = coalesce(
                    (select upper(r) - 1 from unnest(e.seen + excluded.seen) r where lower(r) = 1), 0),
                max_seq = greatest(e.max_seq, excluded.max_seq),
                final_seq = greatest(e.final_seq, excluded.final_seq),
                state = case when e.state = 'OPEN' then excluded.state else e.state end,
                updated_at = excluded.updated_at""";

    private static final String MERGE_INTERVALS = """
            insert into reporting.meter_bucket as b (tenant_id, stream, epoch, bucket, seq, kind, sub_license_id, at,
                bytes_in, bytes_out, requests, connections, active_nanos, peak_bps, exact, first_received)
            select * from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::uuid[],
                ?::timestamptz[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::boolean[], ?::timestamptz[])
            on conflict (tenant_id, stream, epoch, bucket) do update set
                %s,
                peak_bps = greatest(b.peak_bps, excluded.peak_bps)
             where excluded.seq > b.seq or excluded.peak_bps > b.peak_bps""".formatted(Stream.of(
                    "seq",
                    "kind",
                    "sub_license_id",
                    "at",
                    "bytes_in",
                    "bytes_out",
                    "requests",
                    "connections",
                    "active_nanos",
                    "exact")
            .map("%1$s = case when excluded.seq > b.seq then excluded.%1$s else b.%1$s end"::formatted)
            .collect(Collectors.joining(",\n                ")));

    private static final String QUARANTINE = """
            update reporting.meter_epoch e set state = 'QUARANTINED'
              from unnest(?::uuid[], ?::uuid[], ?::bigint[]) as k (tenant_id, stream, epoch)
             where e.tenant_id = k.tenant_id and e.stream = k.stream and e.epoch = k.epoch
               and e.state <> 'QUARANTINED'
            returning e.tenant_id, e.stream, e.epoch""";

    private final JdbcTemplate database;

    public MeterTables(JdbcTemplate database) {
        this.database = database;
    }

    /** @param contiguous up to which every record is present */
    record Known(long nonce, long contiguous) {}

    /** Locks the epochs that exist, in a fixed order, until the end of the transaction. */
    Map<EpochKey, Known> lockEpochs(Collection<EpochKey> keys) {
        var known = new HashMap<EpochKey, Known>();
        database.query(connection -> Rows.statement(connection, LOCK, 0, List.copyOf(keys), keyColumns()), row -> {
            known.put(
                    new EpochKey(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getLong(3)),
                    new Known(row.getLong(4), row.getLong(5)));
        });
        return known;
    }

    /** Marks epochs that exist; returns those that were not marked before. */
    List<EpochKey> quarantine(Collection<EpochKey> keys) {
        return database.query(
                connection -> Rows.statement(connection, QUARANTINE, 0, List.copyOf(keys), keyColumns()),
                (row, i) -> new EpochKey(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getLong(3)));
    }

    void merge(MeterBatch batch, Instant now) {
        // A fixed order of rows keeps two writers that meet from locking each other out.
        var epochs = batch.epochs().stream()
                .sorted(Comparator.comparing((MeterBatch.Epoch epoch) -> epoch.key().stream())
                        .thenComparing(epoch -> epoch.key().epoch()))
                .toList();
        database.update(connection -> {
            var statement = Rows.statement(connection, MERGE_EPOCHS, 1, epochs, epochColumns());
            statement.setTimestamp(1, Timestamp.from(now));
            return statement;
        });
        var intervals = batch.intervals().stream()
                .sorted(Comparator.comparing((MeterBatch.Interval interval) -> interval.newest().meter().stream())
                        .thenComparing(interval -> interval.newest().meter().epoch())
                        .thenComparing(interval -> interval.newest().meter().bucket()))
                .toList();
        database.update(connection -> Rows.statement(connection, MERGE_INTERVALS, 0, intervals, intervalColumns()));
    }

    private static List<Column<MeterBatch.Epoch>> epochColumns() {
        return List.of(
                new Column<>("uuid", epoch -> epoch.key().tenant()),
                new Column<>("uuid", epoch -> epoch.key().stream()),
                new Column<>("bigint", epoch -> epoch.key().epoch()),
                new Column<>("bigint", epoch -> epoch.example().meter().nonce()),
                new Column<>("uuid", epoch -> epoch.example().stack()),
                new Column<>("uuid", epoch -> epoch.example().instance()),
                new Column<>("text", epoch -> epoch.example().meter().virtualService()),
                new Column<>("text", epoch -> epoch.example().meter().source().name()),
                new Column<>("text", epoch -> epoch.seen().toString()),
                new Column<>("bigint", epoch -> epoch.seen().contiguous()),
                new Column<>("bigint", epoch -> epoch.seen().highest()),
                new Column<>("bigint", MeterBatch.Epoch::finalSequence));
    }

    private static List<Column<MeterBatch.Interval>> intervalColumns() {
        return List.of(
                new Column<>("uuid", row -> row.newest().tenant()),
                new Column<>("uuid", row -> row.newest().meter().stream()),
                new Column<>("bigint", row -> row.newest().meter().epoch()),
                new Column<>("bigint", row -> row.newest().meter().bucket()),
                new Column<>("bigint", row -> row.newest().meter().sequence()),
                new Column<>("text", row -> row.newest().meter().kind().name()),
                new Column<>("uuid", row -> row.newest().subLicense()),
                new Column<>(
                        "timestamptz",
                        row -> Timestamp.from(row.newest().meter().at())),
                new Column<>("bigint", row -> row.newest().meter().bytesIn()),
                new Column<>("bigint", row -> row.newest().meter().bytesOut()),
                new Column<>("bigint", row -> row.newest().meter().requests()),
                new Column<>("bigint", row -> row.newest().meter().connections()),
                new Column<>("bigint", row -> row.newest().meter().activeNanos()),
                new Column<>("bigint", MeterBatch.Interval::peakBps),
                new Column<>("boolean", row -> row.newest().meter().exact()),
                new Column<>("timestamptz", row -> Timestamp.from(row.newest().receivedAt())));
    }

    private static List<Column<EpochKey>> keyColumns() {
        return List.of(
                new Column<>("uuid", EpochKey::tenant),
                new Column<>("uuid", EpochKey::stream),
                new Column<>("bigint", EpochKey::epoch));
    }
}
