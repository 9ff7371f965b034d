package io.garrison.reporting.stats;

import io.garrison.protocol.MeterRecord;
import io.garrison.protocol.ProtocolJson;
import io.garrison.reporting.ingest.BadRecord;
import io.garrison.reporting.ingest.BatchSink;
import io.garrison.reporting.ingest.Rows;
import io.garrison.reporting.ingest.Rows.Column;
import io.garrison.reporting.ingest.StampedSample;
import io.garrison.reporting.ingest.TelemetryRules;
import io.garrison.reporting.ingest.Topic;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Takes samples: each once by its id, and then makes the 5-minute rows they fall in anew. A row is only replaced by one
 * of at least as many samples, so that a replay of old records, whose samples are deleted by now, cannot shrink it.
 */
@Component
class StatsSink implements BatchSink<StampedSample> {

    private static final String INSERT = """
            insert into reporting.stats_sample (tenant_id, instance_id, sample_id, stack_id, virtual_service, at, slot,
                seconds, bytes_in, bytes_out, requests, connections, connections_now, denied, status2xx, status3xx,
                status4xx, status5xx, latency_ms)
            select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[],
                ?::timestamptz[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::float8[])
            on conflict do nothing""";

    private static final String ROLL_UP = """
            insert into reporting.stats_slot as s (tenant_id, instance_id, virtual_service, slot, stack_id, samples,
                seconds, bytes_in, bytes_out, requests, connections, connections_now, denied, status2xx, status3xx,
                status4xx, status5xx, latency_weighted, latency_weight)
            select r.tenant_id, r.instance_id, r.virtual_service, r.slot, min(r.stack_id::text)::uuid, count(*),
                   sum(r.seconds), sum(r.bytes_in), sum(r.bytes_out), sum(r.requests), sum(r.connections),
                   avg(r.connections_now), sum(r.denied), sum(r.status2xx), sum(r.status3xx), sum(r.status4xx),
                   sum(r.status5xx), coalesce(sum(r.latency_ms * greatest(r.requests, 1)), 0),
                   coalesce(sum(greatest(r.requests, 1)) filter (where r.latency_ms is not null), 0)
              from reporting.stats_sample r
              join unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[])
                as k (tenant_id, instance_id, virtual_service, slot)
             using (tenant_id, instance_id, virtual_service, slot)
             group by r.tenant_id, r.instance_id, r.virtual_service, r.slot
             order by r.tenant_id, r.instance_id, r.virtual_service, r.slot
            on conflict (tenant_id, instance_id, virtual_service, slot) do update set
                stack_id = excluded.stack_id, samples = excluded.samples, seconds = excluded.seconds,
                bytes_in = excluded.bytes_in, bytes_out = excluded.bytes_out, requests = excluded.requests,
                connections = excluded.connections, connections_now = excluded.connections_now,
                denied = excluded.denied, status2xx = excluded.status2xx, status3xx = excluded.status3xx,
                status4xx = excluded.status4xx, status5xx = excluded.status5xx,
                latency_weighted = excluded.latency_weighted, latency_weight = excluded.latency_weight
             where excluded.samples >= s.samples""";

    private static final String SOURCES = """
            insert into reporting.stats_source as s (tenant_id, instance_id, virtual_service, first_at, last_at)
            select tenant_id, instance_id, virtual_service, min(slot), max(slot) + interval '5 minutes'
              from unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[])
                as k (tenant_id, instance_id, virtual_service, slot)
             group by 1, 2, 3
             order by 1, 2, 3
            on conflict (tenant_id, instance_id, virtual_service) do update set
                first_at = least(s.first_at, excluded.first_at), last_at = greatest(s.last_at, excluded.last_at)
             where excluded.first_at < s.first_at or excluded.last_at > s.last_at""";

    private final JdbcTemplate database;
    private final Clock clock;

    StatsSink(JdbcTemplate database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Topic topic() {
        return Topic.STATS;
    }

    @Override
    public UUID tenantOf(StampedSample value) {
        return value.tenant();
    }

    @Override
    public StampedSample decode(byte[] value) {
        try {
            var stamped = ProtocolJson.read(value, StampedSample.class);
            if (stamped.tenant() == null
                    || stamped.stack() == null
                    || stamped.instance() == null
                    || stamped.receivedAt() == null
                    || stamped.sample() == null) {
                throw new BadRecord("field-missing", "a sample without a sender");
            }
            var broken = TelemetryRules.broken(stamped.sample(), clock.instant());
            if (broken != null) {
                throw new BadRecord(broken, "sample " + stamped.sample().id());
            }
            return stamped;
        } catch (IllegalArgumentException e) {
            throw new BadRecord("malformed", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public List<Rejected<StampedSample>> store(List<Item<StampedSample>> batch) {
        var samples = new LinkedHashMap<SampleKey, StampedSample>();
        var slots = new LinkedHashSet<SlotKey>();
        for (var item : batch) {
            var stamped = item.value();
            samples.putIfAbsent(
                    new SampleKey(stamped.instance(), stamped.sample().id()), stamped);
            slots.add(SlotKey.of(stamped));
        }
        update(INSERT, new ArrayList<>(samples.values()), sampleColumns());
        update(ROLL_UP, new ArrayList<>(slots), slotColumns());
        update(SOURCES, new ArrayList<>(slots), slotColumns());
        return List.of();
    }

    private <R> void update(String sql, List<R> rows, List<Column<R>> columns) {
        database.update(connection -> Rows.statement(connection, sql, 0, rows, columns));
    }

    private static List<Column<SlotKey>> slotColumns() {
        return List.of(
                Column.each("uuid", SlotKey::tenant),
                Column.each("uuid", SlotKey::instance),
                Column.each("text", SlotKey::virtualService),
                Column.each("timestamptz", SlotKey::slot));
    }

    private static List<Column<StampedSample>> sampleColumns() {
        return List.of(
                Column.each("uuid", StampedSample::tenant),
                Column.each("uuid", StampedSample::instance),
                Column.each("uuid", row -> row.sample().id()),
                Column.each("uuid", StampedSample::stack),
                Column.each("text", row -> row.sample().virtualService()),
                Column.each("timestamptz", row -> row.sample().at()),
                Column.each("timestamptz", row -> slot(row.sample().at())),
                Column.each("int", row -> row.sample().seconds()),
                Column.numbers(row -> row.sample().bytesIn()),
                Column.numbers(row -> row.sample().bytesOut()),
                Column.numbers(row -> row.sample().requests()),
                Column.numbers(row -> row.sample().connections()),
                Column.numbers(row -> row.sample().connectionsNow()),
                Column.numbers(row -> row.sample().denied()),
                Column.numbers(row -> row.sample().status2xx()),
                Column.numbers(row -> row.sample().status3xx()),
                Column.numbers(row -> row.sample().status4xx()),
                Column.numbers(row -> row.sample().status5xx()),
                Column.each(
                        "float8",
                        row -> row.sample().latencyMs() < 0
                                ? null
                                : row.sample().latencyMs()));
    }

    private record SampleKey(UUID instance, UUID id) {}

    private record SlotKey(UUID tenant, UUID instance, String virtualService, Instant slot) {
        static SlotKey of(StampedSample stamped) {
            return new SlotKey(
                    stamped.tenant(),
                    stamped.instance(),
                    stamped.sample().virtualService(),
                    StatsSink.slot(stamped.sample().at()));
        }
    }

    /** A sample that ends on the boundary belongs to the interval that ends there. */
    private static Instant slot(Instant at) {
        return Instant.ofEpochSecond(MeterRecord.bucketOf(at.minusNanos(1)) * MeterRecord.BUCKET_SECONDS);
    }
}
