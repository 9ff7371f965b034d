package io.garrison.reporting.usage;

import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.usage.Registers.Before;
import io.garrison.reporting.usage.Registers.Reading;
import io.garrison.tenancy.http.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Usage out of the registers in PostgreSQL. Sees what the running transaction may see: one tenant's rows, or all. */
@Component
public class UsageLedger {

    private static final int STREAMS_AT_ONCE = 100;
    private static final int RECORDS_AT_ONCE = 5_000;

    private final JdbcClient database;
    private final TransactionTemplate reading;
    private final Departures departures;
    private final Clock clock;

    /** When instances left their stacks for good; of instances that are not known, or are there, nothing is said. */
    public interface Departures {
        Map<UUID, Instant> of(Collection<UUID> instances);
    }

    public UsageLedger(
            JdbcClient database, PlatformTransactionManager transactions, Departures departures, Clock clock) {
        this.database = database;
        this.departures = departures;
        this.clock = clock;
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        // Readings, and what is known of their epochs, are of one moment.
        this.reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /** A page, read at one moment. Checks no permission. */
    public Page<UsageRecord> page(UsageQuery query, @Nullable String after, int limit) {
        var records = read(query, after, (found, stream) -> found.size() > limit, limit + 1);
        return Page.of(records, limit, UsageLedger::cursor);
    }

    /**
     * A page that ends with a stream, so that each stream is of one moment. What adds up, or writes a file, reads by these:
     * in pages that end anywhere, a gap that is filled between two of them is spread in one and known in the other, and
     * the sum is wrong. Checks no permission.
     */
    public Page<UsageRecord> wholeStreams(UsageQuery query, @Nullable String after) {
        return wholeStreams(query, after, RECORDS_AT_ONCE);
    }

    /** @return streams until there are {@code least} records or more */
    Page<UsageRecord> wholeStreams(UsageQuery query, @Nullable String after, int least) {
        var last = new @Nullable StreamKey[1];
        var records = read(
                query,
                after,
                (found, stream) -> {
                    last[0] = found.size() < least ? null : stream;
                    return last[0] != null;
                },
                Integer.MAX_VALUE);
        return new Page<>(
                List.copyOf(records),
                last[0] == null ? null : Position.behind(last[0]).cursor());
    }

    /**
     * The records after a position, in the order of {@link io.garrison.reporting.UsageReports}.
     *
     * @param enough asked after each stream
     * @param most records, with which it ends within a stream
     */
    private List<UsageRecord> read(UsageQuery query, @Nullable String cursor, Enough enough, int most) {
        List<UsageRecord> records = reading.execute(status -> after(query, cursor, enough, most));
        return records == null ? List.of() : records;
    }

    private List<UsageRecord> after(UsageQuery query, @Nullable String cursor, Enough enough, int most) {
        var position = cursor == null ? null : Position.parse(cursor);
        var records = new ArrayList<UsageRecord>();
        var next = position == null ? null : position.stream();
        var firstOfAll = true;
        while (true) {
            var streams = streams(query, next, firstOfAll);
            var left = departures.of(
                    streams.stream().map(StreamKey::instance).distinct().toList());
            for (var stream : streams) {
                var until = expectedUntil(left.get(stream.instance()));
                var resumed = position != null && stream.equals(position.stream()) ? position : null;
                take(query, stream, until, resumed, most, records);
                if (enough.of(records, stream)) {
                    return records;
                }
            }
            if (streams.size() < STREAMS_AT_ONCE) {
                return records;
            }
            next = streams.getLast();
            firstOfAll = false;
        }
    }

    private interface Enough {
        boolean of(List<UsageRecord> records, StreamKey last);
    }

    /** Silence counts in hours that are over, as long as the instance was there. */
    private long expectedUntil(@Nullable Instant left) {
        var now = clock.instant();
        return (left == null || left.isAfter(now) ? now : left).getEpochSecond() / 3_600;
    }

    private void take(
            UsageQuery query,
            StreamKey stream,
            long expectedUntil,
            @Nullable Position resumed,
            int most,
            List<UsageRecord> records) {
        var firstHour = query.firstHour().getEpochSecond() / 3_600;
        var endHour = query.endOfLastHour().getEpochSecond() / 3_600;
        var from = resumed == null ? firstHour : Math.clamp(resumed.hour(), firstHour, endHour);
        for (var record : HourlyUsage.derive(stream, registers(stream, from, endHour), from, endHour, expectedUntil)) {
            if ((query.subLicense() == null || query.subLicense().equals(record.subLicenseId()))
                    && (resumed == null || resumed.isBefore(record))) {
                records.add(record);
                if (records.size() >= most) {
                    return;
                }
            }
        }
    }

    private List<StreamKey> streams(UsageQuery query, @Nullable StreamKey from, boolean including) {
        var sql = """
                select distinct tenant_id, stack_id, instance_id, virtual_service, source, stream
                  from reporting.meter_epoch
                 where (:tenant::uuid is null or tenant_id = :tenant::uuid)
                   and (:stream::uuid is null or (tenant_id, stack_id, instance_id, virtual_service, source, stream)
                        %s (:from_tenant::uuid, :stack::uuid, :instance::uuid, :service::text, :source::text, :stream::uuid))
                 order by 1, 2, 3, 4, 5, 6
                 limit :most""".formatted(including ? ">=" : ">");
        var params = new HashMap<String, @Nullable Object>();
        params.put("tenant", query.tenant() == null ? null : query.tenant().value());
        params.put("from_tenant", from == null ? null : from.tenant());
        params.put("stack", from == null ? null : from.stack());
        params.put("instance", from == null ? null : from.instance());
        params.put("service", from == null ? null : from.virtualService());
        params.put("source", from == null ? null : from.source());
        params.put("stream", from == null ? null : from.stream());
        params.put("most", STREAMS_AT_ONCE);
        return database.sql(sql)
                .params(params)
                .query((row, i) -> new StreamKey(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, UUID.class)))
                .list();
    }

    List<Registers> registers(StreamKey stream, long firstHour, long endHour) {
        var readings = new HashMap<Long, List<Reading>>();
        database.sql("""
                select b.* from reporting.meter_bucket b
                 where b.tenant_id = :tenant and b.stream = :stream and b.bucket >= :first and b.bucket < :end
                union all
                select p.* from reporting.meter_epoch e cross join lateral (
                    select * from reporting.meter_bucket b
                     where b.tenant_id = e.tenant_id and b.stream = e.stream and b.epoch = e.epoch and b.bucket < :first
                     order by b.bucket desc limit 1) p
                 where e.tenant_id = :tenant and e.stream = :stream
                union all
                select n.* from reporting.meter_epoch e cross join lateral (
                    select * from reporting.meter_bucket b
                     where b.tenant_id = e.tenant_id and b.stream = e.stream and b.epoch = e.epoch and b.bucket >= :end
                     order by b.bucket limit 1) n
                 where e.tenant_id = :tenant and e.stream = :stream
                order by epoch, bucket""")
                .param("tenant", stream.tenant())
                .param("stream", stream.stream())
                .param("first", firstHour * 12)
                .param("end", endHour * 12)
                .query(row -> {
                    readings.computeIfAbsent(row.getLong("epoch"), epoch -> new ArrayList<>())
                            .add(reading(row));
                });
        var before = before(stream, firstHour * 12);
        return database.sql("""
                select epoch, final_seq is not null, state = 'QUARANTINED', seen::text from reporting.meter_epoch
                 where tenant_id = :tenant and stream = :stream order by epoch""")
                .param("tenant", stream.tenant())
                .param("stream", stream.stream())
                .query((row, i) -> new Registers(
                        row.getLong(1),
                        row.getBoolean(2),
                        row.getBoolean(3),
                        SequenceRanges.parse(row.getString(4)),
                        before.getOrDefault(row.getLong(1), Before.NOTHING),
                        readings.getOrDefault(row.getLong(1), List.of())))
                .list();
    }

    /** Of each epoch that is not in order, what was before the last reading before an interval; of others that says it all. */
    private Map<Long, Before> before(StreamKey stream, long first) {
        var before = new HashMap<Long, Before>();
        database.sql("""
                select e.epoch, m.* from reporting.meter_disorder e cross join lateral (
                    select b.bucket from reporting.meter_bucket b
                     where b.tenant_id = e.tenant_id and b.stream = e.stream and b.epoch = e.epoch and b.bucket < :first
                     order by b.bucket desc limit 1) p cross join lateral (
                    select max(bytes_in) as bytes_in, max(bytes_out) as bytes_out, max(requests) as requests,
                           max(connections) as connections, max(active_nanos) as active_nanos, max(seq) as seq,
                           coalesce(bool_or(went_back), false) as went_back from (
                        select b.*, seq <= lag(seq) over w or bytes_in < lag(bytes_in) over w
                               or bytes_out < lag(bytes_out) over w or requests < lag(requests) over w
                               or connections < lag(connections) over w
                               or active_nanos < lag(active_nanos) over w as went_back
                          from reporting.meter_bucket b
                         where b.tenant_id = e.tenant_id and b.stream = e.stream and b.epoch = e.epoch
                           and b.bucket < p.bucket
                        window w as (order by b.bucket)) each) m
                 where e.tenant_id = :tenant and e.stream = :stream and m.seq is not null""")
                .param("tenant", stream.tenant())
                .param("stream", stream.stream())
                .param("first", first)
                .query(row -> {
                    var highest = new Counters(
                            row.getLong("bytes_in"),
                            row.getLong("bytes_out"),
                            row.getLong("requests"),
                            row.getLong("connections"),
                            row.getLong("active_nanos"));
                    before.put(
                            row.getLong("epoch"), new Before(highest, row.getLong("seq"), row.getBoolean("went_back")));
                });
        return before;
    }

    private static Reading reading(ResultSet row) throws SQLException {
        return new Reading(
                row.getLong("bucket"),
                row.getLong("seq"),
                row.getObject("sub_license_id", UUID.class),
                row.getTimestamp("at").toInstant(),
                row.getLong("bytes_in"),
                row.getLong("bytes_out"),
                row.getLong("requests"),
                row.getLong("connections"),
                row.getLong("active_nanos"),
                row.getLong("peak_bps"),
                row.getBoolean("exact"));
    }

    static String cursor(UsageRecord record) {
        return Position.of(record).cursor();
    }
}
