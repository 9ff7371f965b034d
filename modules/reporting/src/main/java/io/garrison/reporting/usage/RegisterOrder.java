package io.garrison.reporting.usage;

import io.garrison.reporting.ingest.Rows;
import io.garrison.reporting.ingest.Rows.Column;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keeps in mind in which epochs the registers, or the numbers of their readings, are not in the order of intervals, as on a
 * machine that was set back with its memory. Of any other the last reading before a time says all that was before it, and
 * nobody has to read the rest.
 */
public final class RegisterOrder {

    // Neighbours only: each row is compared with its own when it comes, so an epoch that is not marked is in order.
    private static final String MARK = """
            insert into reporting.meter_disorder (tenant_id, stream, epoch)
            select k.tenant_id, k.stream, k.epoch
              from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[])
                as k (tenant_id, stream, epoch, first, last)
             where exists (
                   select from (
                       select b.seq <= lag(b.seq) over w or b.bytes_in < lag(b.bytes_in) over w
                              or b.bytes_out < lag(b.bytes_out) over w or b.requests < lag(b.requests) over w
                              or b.connections < lag(b.connections) over w
                              or b.active_nanos < lag(b.active_nanos) over w as went_back
                         from reporting.meter_bucket b
                        where b.tenant_id = k.tenant_id and b.stream = k.stream and b.epoch = k.epoch
                          and b.bucket >= coalesce((
                              select max(p.bucket) from reporting.meter_bucket p
                               where p.tenant_id = k.tenant_id and p.stream = k.stream and p.epoch = k.epoch
                                 and p.bucket < k.first), k.first)
                          and b.bucket <= coalesce((
                              select min(n.bucket) from reporting.meter_bucket n
                               where n.tenant_id = k.tenant_id and n.stream = k.stream and n.epoch = k.epoch
                                 and n.bucket > k.last), k.last)
                       window w as (order by b.bucket)) pair
                    where pair.went_back)
            on conflict do nothing""";

    private static final List<Column<Stretch>> COLUMNS = List.of(
            Column.each("uuid", Stretch::tenant),
            Column.each("uuid", Stretch::stream),
            Column.numbers(Stretch::epoch),
            Column.numbers(Stretch::firstBucket),
            Column.numbers(Stretch::lastBucket));

    private final JdbcTemplate database;

    public RegisterOrder(JdbcTemplate database) {
        this.database = database;
    }

    /** Intervals of an epoch that were written, from the first to the last; there may be others in between. */
    public record Stretch(UUID tenant, UUID stream, long epoch, long firstBucket, long lastBucket) {

        /** From the first of both to the last of both, of the same epoch. */
        public Stretch with(Stretch other) {
            return new Stretch(
                    tenant,
                    stream,
                    epoch,
                    Math.min(firstBucket, other.firstBucket),
                    Math.max(lastBucket, other.lastBucket));
        }
    }

    /** To be called in the transaction that wrote the intervals, afterwards. */
    public void look(List<Stretch> written) {
        database.update(connection -> Rows.statement(connection, MARK, 0, written, COLUMNS));
    }
}
