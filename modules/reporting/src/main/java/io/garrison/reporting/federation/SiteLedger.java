package io.garrison.reporting.federation;

import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.SiteUsage.Epoch;
import io.garrison.protocol.SiteUsage.Interval;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.federation.Cursor.RowKey;
import io.garrison.reporting.ingest.Rows;
import io.garrison.reporting.ingest.Rows.Column;
import io.garrison.reporting.usage.RegisterOrder;
import io.garrison.reporting.usage.RegisterOrder.Stretch;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The ledger, as rows that were derived elsewhere come into it. In the provider's scope, which alone writes the ledger, and in
 * the caller's transaction; the tenant is what the sender's identity says, and every statement names it.
 */
@Component
class SiteLedger {

    private static final String ROWS = """
              from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::uuid[], ?::timestamptz[],
                          ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[])
                     as n (stream, epoch, bucket, seq, kind, sub_license_id, at, bytes_in, bytes_out, requests,
                           connections, active_nanos, peak_bps, exact)""";

    /** Of one reading there is one truth; only the peak of its interval may have grown by a reading before it. */
    private static final String COMPARE = """
            select count(*) filter (where b.seq = n.seq and n.peak_bps <= b.peak_bps),
                   count(*) filter (where b.seq > n.seq and n.peak_bps <= b.peak_bps),
                   count(*) filter (where b.seq = n.seq
                       and (b.kind, b.sub_license_id, b.at, b.bytes_in, b.bytes_out, b.requests, b.connections,
                            b.active_nanos, b.exact)
                           is distinct from
                           (n.kind, n.sub_license_id, n.at, n.bytes_in, n.bytes_out, n.requests, n.connections,
                            n.active_nanos, n.exact))""" + "\n" + ROWS + """

              join reporting.meter_bucket b on b.tenant_id = ?::uuid and b.stream = n.stream and b.epoch = n.epoch
               and b.bucket = n.bucket""";

    private static final String MERGE_INTERVALS = """
            insert into reporting.meter_bucket as b (tenant_id, stream, epoch, bucket, seq, kind, sub_license_id, at,
                bytes_in, bytes_out, requests, connections, active_nanos, peak_bps, exact, first_received)
            select ?::uuid, n.stream, n.epoch, n.bucket, n.seq, n.kind, n.sub_license_id, n.at, n.bytes_in, n.bytes_out,
                   n.requests, n.connections, n.active_nanos, n.peak_bps, n.exact, ?::timestamptz""" + "\n" + ROWS + """

            on conflict (tenant_id, stream, epoch, bucket) do update set
                seq = greatest(b.seq, excluded.seq),
                kind = case when excluded.seq > b.seq then excluded.kind else b.kind end,
                sub_license_id = case when excluded.seq > b.seq then excluded.sub_license_id else b.sub_license_id end,
                at = case when excluded.seq > b.seq then excluded.at else b.at end,
                bytes_in = case when excluded.seq > b.seq then excluded.bytes_in else b.bytes_in end,
                bytes_out = case when excluded.seq > b.seq then excluded.bytes_out else b.bytes_out end,
                requests = case when excluded.seq > b.seq then excluded.requests else b.requests end,
                connections = case when excluded.seq > b.seq then excluded.connections else b.connections end,
                active_nanos = case when excluded.seq > b.seq then excluded.active_nanos else b.active_nanos end,
                exact = case when excluded.seq > b.seq then excluded.exact else b.exact end,
                peak_bps = greatest(b.peak_bps, excluded.peak_bps),
                changed = excluded.changed
             where excluded.seq > b.seq or excluded.peak_bps > b.peak_bps""";

    private static final String MERGE_EPOCHS = """
            insert into reporting.meter_epoch as e (tenant_id, stream, epoch, nonce, stack_id, instance_id,
                virtual_service, source, seen, contig_seq, max_seq, final_seq, state, updated_at)
            select ?::uuid, n.stream, n.epoch, n.nonce, n.stack_id, n.instance_id, n.virtual_service, n.source,
                   n.seen::int8multirange,
                   coalesce((select upper(r) - 1 from unnest(n.seen::int8multirange) r where lower(r) = 1), 0),
                   upper(n.seen::int8multirange) - 1, n.final_seq, n.state, ?::timestamptz
              from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[],
                          ?::bigint[], ?::text[])
                as n (stream, epoch, nonce, stack_id, instance_id, virtual_service, source, seen, final_seq, state)
            on conflict (tenant_id, stream, epoch) do update set
                seen = e.seen + excluded.seen,
                contig_seq = coalesce(
                    (select upper(r) - 1 from unnest(e.seen + excluded.seen) r where lower(r) = 1), 0),
                max_seq = greatest(e.max_seq, excluded.max_seq),
                final_seq = greatest(e.final_seq, excluded.final_seq),
                state = case when 'QUARANTINED' in (e.state, excluded.state) then 'QUARANTINED'
                             when 'FINAL' in (e.state, excluded.state) then 'FINAL' else 'OPEN' end,
                updated_at = excluded.updated_at,
                changed = excluded.changed""";

    private static final String NONCES = """
            select e.stream, e.epoch, e.nonce from reporting.meter_epoch e
              join (select ?::uuid as tenant_id) t using (tenant_id)
              join unnest(?::uuid[], ?::bigint[]) as k (stream, epoch) using (stream, epoch)""";

    private static final String KNOWN = """
            select n.instance from unnest(?::uuid[]) as n (instance)
             where exists (select from reporting.meter_epoch e where e.tenant_id = ? and e.instance_id = n.instance)""";

    private static final List<Column<RowKey>> KEY_COLUMNS =
            List.of(Column.each("uuid", RowKey::stream), Column.numbers(RowKey::epoch));

    private static final List<Column<Interval>> INTERVAL_COLUMNS = List.of(
            Column.each("uuid", Interval::stream),
            Column.numbers(Interval::epoch),
            Column.numbers(Interval::bucket),
            Column.numbers(Interval::sequence),
            Column.each("text", row -> row.kind() == Kind.FINAL ? "FINAL" : "CLOSE"),
            Column.each("uuid", Interval::subLicenseId),
            Column.each("timestamptz", Interval::at),
            Column.numbers(Interval::bytesIn),
            Column.numbers(Interval::bytesOut),
            Column.numbers(Interval::requests),
            Column.numbers(Interval::connections),
            Column.numbers(Interval::activeNanos),
            Column.numbers(Interval::peakBps),
            Column.flags(Interval::exact));

    private static final List<Column<EpochRow>> EPOCH_COLUMNS = List.of(
            Column.each("uuid", row -> row.epoch().stream()),
            Column.numbers(row -> row.epoch().epoch()),
            Column.numbers(row -> row.epoch().nonce()),
            Column.each("uuid", row -> row.stream().stackId()),
            Column.each("uuid", row -> row.stream().instanceId()),
            Column.each("text", row -> row.stream().virtualService()),
            Column.each("text", row -> row.stream().source().name()),
            Column.each("text", row -> multirange(row.epoch().seen())),
            Column.each("bigint", row -> row.epoch().finalSequence()),
            Column.each("text", EpochRow::state));

    private final JdbcTemplate database;
    private final RegisterOrder order;

    SiteLedger(JdbcTemplate database) {
        this.database = database;
        this.order = new RegisterOrder(database);
    }

    record EpochRow(Epoch epoch, Stream stream) {
        private String state() {
            return epoch.quarantined() ? "QUARANTINED" : epoch.finalSequence() == null ? "OPEN" : "FINAL";
        }
    }

    /**
     * How rows stand to what is stored.
     *
     * @param known stored just so
     * @param older stored in a later state
     * @param unlike stored with the same sequence and other values
     */
    record Comparison(int known, int older, int unlike) {}

    Comparison compare(TenantId tenant, List<Interval> intervals) {
        var found = database.query(
                connection -> {
                    var statement = Rows.statement(connection, COMPARE, 0, intervals, INTERVAL_COLUMNS);
                    statement.setObject(INTERVAL_COLUMNS.size() + 1, tenant.value());
                    return statement;
                },
                (row, n) -> new Comparison(row.getInt(1), row.getInt(2), row.getInt(3)));
        return found.getFirst();
    }

    /** Nonces of those epochs that are stored. */
    Map<RowKey, Long> nonces(TenantId tenant, Collection<RowKey> keys) {
        var nonces = new HashMap<RowKey, Long>();
        var rows = List.copyOf(keys);
        database.query(
                connection -> {
                    var statement = Rows.statement(connection, NONCES, 1, rows, KEY_COLUMNS);
                    statement.setObject(1, tenant.value());
                    return statement;
                },
                row -> {
                    nonces.put(new RowKey(row.getObject(1, UUID.class), row.getLong(2)), row.getLong(3));
                });
        return nonces;
    }

    void mergeIntervals(TenantId tenant, List<Interval> intervals, Instant now) {
        database.update(connection -> {
            var statement = Rows.statement(connection, MERGE_INTERVALS, 2, intervals, INTERVAL_COLUMNS);
            statement.setObject(1, tenant.value());
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            return statement;
        });
        order.look(stretches(tenant, intervals));
    }

    private static List<Stretch> stretches(TenantId tenant, List<Interval> intervals) {
        var stretches = new HashMap<RowKey, Stretch>();
        for (var row : intervals) {
            var own = new Stretch(tenant.value(), row.stream(), row.epoch(), row.bucket(), row.bucket());
            stretches.merge(new RowKey(row.stream(), row.epoch()), own, Stretch::with);
        }
        return List.copyOf(stretches.values());
    }

    void mergeEpochs(TenantId tenant, List<EpochRow> epochs, Instant now) {
        database.update(connection -> {
            var statement = Rows.statement(connection, MERGE_EPOCHS, 2, epochs, EPOCH_COLUMNS);
            statement.setObject(1, tenant.value());
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            return statement;
        });
    }

    /** Those of which the ledger has registers. */
    Set<UUID> known(TenantId tenant, Collection<UUID> instances) {
        return Set.copyOf(database.query(
                KNOWN, (row, n) -> row.getObject(1, UUID.class), instances.toArray(UUID[]::new), tenant.value()));
    }

    private static String multirange(List<Long> bounds) {
        var text = new StringBuilder("{");
        for (int i = 0; i < bounds.size(); i += 2) {
            text.append(i == 0 ? "[" : ",[")
                    .append(bounds.get(i))
                    .append(',')
                    .append(bounds.get(i + 1))
                    .append(')');
        }
        return text.append('}').toString();
    }
}
