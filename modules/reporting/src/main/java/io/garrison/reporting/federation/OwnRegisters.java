package io.garrison.reporting.federation;

import io.garrison.protocol.MeterRecord.Kind;
import io.garrison.protocol.MeterRecord.Source;
import io.garrison.protocol.SiteUsage.Epoch;
import io.garrison.protocol.SiteUsage.Interval;
import io.garrison.protocol.SiteUsage.Stream;
import io.garrison.reporting.federation.Cursor.BucketKey;
import io.garrison.reporting.federation.Cursor.RowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** This installation's own ledger, read in the order in which it changes. In the provider's scope and a transaction. */
@Component
class OwnRegisters {

    /** Characters of the ranges of one batch's epochs, of which the gateway takes some millions in all. */
    private static final int MAX_RANGES = 500_000;

    private final JdbcClient jdbc;

    OwnRegisters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The oldest transaction that is still running, or the next one. What all before it did is visible now, for good. */
    long horizon() {
        return jdbc.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                .query(Long.class)
                .single();
    }

    /** Intervals that were last changed in the open window, after a key. */
    List<Interval> intervals(UUID tenant, Cursor cursor, int limit) {
        var after = cursor.bucket();
        return jdbc.sql("""
                        select b.*, e.nonce from reporting.meter_bucket b
                          join reporting.meter_epoch e
                            on e.tenant_id = b.tenant_id and e.stream = b.stream and e.epoch = b.epoch
                         where b.tenant_id = :tenant and b.changed >= :low and b.changed < :high
                           and (cast(:stream as uuid) is null
                                or (b.stream, b.epoch, b.bucket) > (cast(:stream as uuid), :epoch, :bucket))
                         order by b.stream, b.epoch, b.bucket limit :limit""")
                .param("tenant", tenant)
                .param("low", cursor.low())
                .param("high", cursor.high())
                .param("stream", after == null ? null : after.stream())
                .param("epoch", after == null ? 0L : after.epoch())
                .param("bucket", after == null ? 0L : after.bucket())
                .param("limit", limit)
                .query((row, n) -> interval(row))
                .list();
    }

    /** @param isLast whether there are no more in the window */
    record Epochs(List<Epoch> epochs, boolean isLast) {}

    /** Epochs that were last changed in the open window, after a key; of long ones fewer, and one at least. */
    Epochs epochs(UUID tenant, Cursor cursor, int limit) {
        record Found(Epoch epoch, long found) {}
        var after = cursor.epoch();
        var found = jdbc.sql("""
                        select * from (
                            select *, count(*) over () as found, row_number() over (order by stream, epoch) as place,
                                   sum(length(ranges)) over (order by stream, epoch) as length from (
                                select *, seen::text as ranges from reporting.meter_epoch
                                 where tenant_id = :tenant and changed >= :low and changed < :high
                                   and (cast(:stream as uuid) is null or (stream, epoch) > (cast(:stream as uuid), :epoch))
                                 order by stream, epoch limit :limit) as next) as measured
                         where place = 1 or length <= :characters order by stream, epoch""")
                .param("tenant", tenant)
                .param("low", cursor.low())
                .param("high", cursor.high())
                .param("stream", after == null ? null : after.stream())
                .param("epoch", after == null ? 0L : after.epoch())
                .param("limit", limit)
                .param("characters", MAX_RANGES)
                .query((row, n) -> new Found(epoch(row), row.getLong("found")))
                .list();
        boolean isLast = found.isEmpty() || (found.size() == found.getFirst().found() && found.size() < limit);
        return new Epochs(found.stream().map(Found::epoch).toList(), isLast);
    }

    List<Stream> streams(UUID tenant, Collection<UUID> ids) {
        return jdbc.sql("""
                        select distinct on (stream) stream, stack_id, instance_id, virtual_service, source
                          from reporting.meter_epoch where tenant_id = :tenant and stream = any (:ids) order by stream""")
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query((row, n) -> new Stream(
                        uuid(row, "stream"),
                        uuid(row, "stack_id"),
                        uuid(row, "instance_id"),
                        row.getString("virtual_service"),
                        Source.valueOf(row.getString("source"))))
                .list();
    }

    Cursor cursor() {
        return jdbc.sql("select * from reporting.usage_cursor where id = 1")
                .query((row, n) -> cursor(row))
                .optional()
                .orElse(Cursor.BEGINNING);
    }

    void keep(Cursor cursor) {
        var bucket = cursor.bucket();
        var epoch = cursor.epoch();
        var params = new HashMap<String, @Nullable Object>();
        params.put("low", cursor.low());
        params.put("high", cursor.high());
        params.put("bucketStream", bucket == null ? null : bucket.stream());
        params.put("bucketEpoch", bucket == null ? null : bucket.epoch());
        params.put("bucket", bucket == null ? null : bucket.bucket());
        params.put("epochStream", epoch == null ? null : epoch.stream());
        params.put("epoch", epoch == null ? null : epoch.epoch());
        params.put("number", cursor.lastNumber());
        params.put("sha256", cursor.lastSha256());
        params.put("rewound", cursor.rewoundNumber());
        jdbc.sql("""
                        insert into reporting.usage_cursor (id, low, high, bucket_stream, bucket_epoch, bucket, epoch_stream,
                            epoch, last_number, last_sha256, rewound_number)
                        values (1, :low, :high, :bucketStream, :bucketEpoch, :bucket, :epochStream, :epoch, :number, :sha256,
                            :rewound)
                        on conflict (id) do update set low = excluded.low, high = excluded.high,
                            bucket_stream = excluded.bucket_stream, bucket_epoch = excluded.bucket_epoch,
                            bucket = excluded.bucket, epoch_stream = excluded.epoch_stream, epoch = excluded.epoch,
                            last_number = excluded.last_number, last_sha256 = excluded.last_sha256,
                            rewound_number = excluded.rewound_number""").params(params).update();
    }

    /**
     * After a restore into a server that counts its transactions anew, rows may be dated later than any transaction there.
     * They are changed by this one, so that they are found again.
     */
    void redate(long horizon) {
        for (var table : List.of("reporting.meter_bucket", "reporting.meter_epoch")) {
            jdbc.sql("update " + table + " set changed = default where changed > ?")
                    .param(horizon)
                    .update();
        }
    }

    private static Cursor cursor(ResultSet row) throws SQLException {
        var bucketStream = row.getObject("bucket_stream", UUID.class);
        var epochStream = row.getObject("epoch_stream", UUID.class);
        return new Cursor(
                row.getLong("low"),
                row.getObject("high", Long.class),
                bucketStream == null
                        ? null
                        : new BucketKey(bucketStream, row.getLong("bucket_epoch"), row.getLong("bucket")),
                epochStream == null ? null : new RowKey(epochStream, row.getLong("epoch")),
                row.getLong("last_number"),
                row.getString("last_sha256"),
                row.getLong("rewound_number"));
    }

    private static Interval interval(ResultSet row) throws SQLException {
        return new Interval(
                uuid(row, "stream"),
                row.getLong("epoch"),
                row.getLong("nonce"),
                row.getLong("bucket"),
                row.getLong("seq"),
                Kind.valueOf(row.getString("kind")),
                uuid(row, "sub_license_id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getLong("bytes_in"),
                row.getLong("bytes_out"),
                row.getLong("requests"),
                row.getLong("connections"),
                row.getLong("active_nanos"),
                row.getLong("peak_bps"),
                row.getBoolean("exact"));
    }

    private static Epoch epoch(ResultSet row) throws SQLException {
        return new Epoch(
                uuid(row, "stream"),
                row.getLong("epoch"),
                row.getLong("nonce"),
                ranges(row.getString("ranges")),
                row.getObject("final_seq", Long.class),
                "QUARANTINED".equals(row.getString("state")));
    }

    private static List<Long> ranges(String multirange) {
        var bounds = new ArrayList<Long>();
        for (var digits : multirange.replaceAll("[^0-9,]", "").split(",")) {
            if (!digits.isEmpty()) {
                bounds.add(Long.parseLong(digits));
            }
        }
        return bounds;
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }
}
