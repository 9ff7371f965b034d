package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.reporting.ingest.Rows;
import io.garrison.reporting.ingest.Rows.Column;
import io.garrison.reporting.ingest.StampedMeter;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
            select e.tenant_id, e.stream, e.epoch, e.nonce, e.max_seq, (select count(*) from unnest(e.seen))
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
                updated_at = excluded.updated_at,
                changed = excluded.changed""";

    // What many rows of a poll have in common comes once, and each row names its place in those arrays, from 1.
    private static final String MERGE_INTERVALS = """
            insert into reporting.meter_bucket as b (tenant_id, stream, epoch, bucket, seq, kind, sub_license_id, at,
                bytes_in, bytes_out, requests, connections, active_nanos, peak_bps, exact, first_received)
            select k.tenants[n.epoch], k.streams[n.epoch], k.epochs[n.epoch], n.bucket, n.seq,
                   case when n.is_final then 'FINAL' else 'CLOSE' end, k.licenses[n.license],
                   to_timestamp(n.at_millis / 1000.0::float8),
                   n.bytes_in, n.bytes_out, n.requests, n.connections, n.active_nanos, n.peak_bps, n.exact,
                   to_timestamp(n.received_millis / 1000.0::float8)
              from (select ?::uuid[] as tenants, ?::uuid[] as streams, ?::bigint[] as epochs, ?::uuid[] as licenses) k,
                   unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::bigint[], ?::bigint[],
                          ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::bigint[])
                     as n (epoch, license, bucket, seq, is_final, at_millis, bytes_in, bytes_out, requests, connections,
                           active_nanos, peak_bps, exact, received_millis)
            on conflict (tenant_id, stream, epoch, bucket) do update set
                %s,
                peak_bps = greatest(b.peak_bps, excluded.peak_bps),
                changed = excluded.changed
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
            update reporting.meter_epoch e set state = 'QUARANTINED', changed = default
              from unnest(?::uuid[], ?::uuid[], ?::bigint[]) as k (tenant_id, stream, epoch)
             where e.tenant_id = k.tenant_id and e.stream = k.stream and e.epoch = k.epoch
               and e.state <> 'QUARANTINED'
            returning e.tenant_id, e.stream, e.epoch""";

    private static final List<Column<EpochKey>> KEY_COLUMNS = List.of(
            Column.each("uuid", EpochKey::tenant),
            Column.each("uuid", EpochKey::stream),
            Column.numbers(EpochKey::epoch));

    private static final List<Column<UUID>> LICENSE_COLUMN = List.of(Column.each("uuid", id -> id));

    private static final List<Column<MeterBatch.Epoch>> EPOCH_COLUMNS = List.of(
            Column.each("uuid", epoch -> epoch.key().tenant()),
            Column.each("uuid", epoch -> epoch.key().stream()),
            Column.numbers(epoch -> epoch.key().epoch()),
            Column.numbers(epoch -> epoch.example().meter().nonce()),
            Column.each("uuid", epoch -> epoch.example().stack()),
            Column.each("uuid", epoch -> epoch.example().instance()),
            Column.each("text", epoch -> epoch.example().meter().virtualService()),
            Column.each("text", epoch -> epoch.example().meter().source().name()),
            Column.each("text", MeterBatch.Epoch::seen),
            Column.numbers(epoch -> epoch.seen().contiguous()),
            Column.numbers(epoch -> epoch.seen().highest()),
            Column.each("bigint", MeterBatch.Epoch::finalSequence));

    private static final List<Column<IntervalRow>> INTERVAL_COLUMNS = List.of(
            Column.numbers(IntervalRow::epoch),
            Column.numbers(IntervalRow::license),
            Column.numbers(row -> row.meter().bucket()),
            Column.numbers(row -> row.meter().sequence()),
            Column.flags(row -> row.meter().kind() == Kind.FINAL),
            Column.numbers(row -> row.meter().at().toEpochMilli()),
            Column.numbers(row -> row.meter().bytesIn()),
            Column.numbers(row -> row.meter().bytesOut()),
            Column.numbers(row -> row.meter().requests()),
            Column.numbers(row -> row.meter().connections()),
            Column.numbers(row -> row.meter().activeNanos()),
            Column.numbers(IntervalRow::peakBps),
            Column.flags(row -> row.meter().exact()),
            Column.numbers(row -> row.newest().receivedAt().toEpochMilli()));

    private final JdbcTemplate database;
    private final RegisterOrder order;

    public MeterTables(JdbcTemplate database) {
        this.database = database;
        this.order = new RegisterOrder(database);
    }

    /**
     * @param newest the highest sequence that is present
     * @param gaps how many ranges the present ones make
     */
    record Known(long nonce, long newest, int gaps) {}

    /** Locks the epochs that exist, in a fixed order, until the end of the transaction. */
    Map<EpochKey, Known> lockEpochs(Collection<EpochKey> keys) {
        var known = new HashMap<EpochKey, Known>();
        database.query(connection -> Rows.statement(connection, LOCK, 0, List.copyOf(keys), KEY_COLUMNS), row -> {
            known.put(
                    new EpochKey(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getLong(3)),
                    new Known(row.getLong(4), row.getLong(5), row.getInt(6)));
        });
        return known;
    }

    /** Marks epochs that exist; returns those that were not marked before. */
    List<EpochKey> quarantine(Collection<EpochKey> keys) {
        return database.query(
                connection -> Rows.statement(connection, QUARANTINE, 0, List.copyOf(keys), KEY_COLUMNS),
                (row, i) -> new EpochKey(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getLong(3)));
    }

    void merge(MeterBatch batch, Instant now) {
        var epochs = batch.epochs();
        database.update(connection -> {
            var statement = Rows.statement(connection, MERGE_EPOCHS, 1, epochs, EPOCH_COLUMNS);
            statement.setTimestamp(1, Timestamp.from(now));
            return statement;
        });
        var keys = epochs.stream().map(MeterBatch.Epoch::key).toList();
        var rows = new ArrayList<IntervalRow>();
        var licenses = new LinkedHashMap<UUID, Integer>();
        for (var epoch = 0; epoch < epochs.size(); epoch++) {
            for (var interval : epochs.get(epoch).intervals()) {
                var license = licenses.computeIfAbsent(interval.newest().subLicense(), id -> licenses.size() + 1);
                rows.add(new IntervalRow(epoch + 1, license, interval.newest(), interval.peakBps()));
            }
        }
        database.update(connection -> {
            var statement = Rows.statement(connection, MERGE_INTERVALS, 0, keys, KEY_COLUMNS);
            Rows.set(statement, KEY_COLUMNS.size(), List.copyOf(licenses.keySet()), LICENSE_COLUMN);
            Rows.set(statement, KEY_COLUMNS.size() + 1, rows, INTERVAL_COLUMNS);
            return statement;
        });
        order.look(epochs.stream().map(MeterBatch.Epoch::stretch).toList());
    }

    /**
     * @param epoch place among the epochs, from 1
     * @param license place among the sub-licences, from 1
     */
    private record IntervalRow(int epoch, int license, StampedMeter newest, long peakBps) {
        MeterRecord meter() {
            return newest.meter();
        }
    }
}
