package io.garrison.reporting.federation;

import io.garrison.instances.SiteUsageSource;
import io.garrison.licensing.OwnSubLicense;
import io.garrison.licensing.OwnSubLicense.Held;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SiteUsage;
import io.garrison.protocol.SiteUsage.Epoch;
import io.garrison.protocol.SiteUsage.Interval;
import io.garrison.reporting.UsageExports.Export;
import io.garrison.reporting.federation.Cursor.BucketKey;
import io.garrison.reporting.federation.Cursor.RowKey;
import io.garrison.reporting.federation.OwnRegisters.Epochs;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes batches of what has changed in the ledger and keeps each, byte for byte, until it is acknowledged. A batch is made
 * from one state of the database, together with the mark of how far it goes.
 */
@Component
class Outbox implements SiteUsageSource {

    /** Batches that nobody acknowledges are kept to this number; what went with an older one comes again once it is missed. */
    static final int KEPT = 500;

    private static final int MAX_EPOCHS = 500;

    /** Until a batch that was refused is offered again: what it breaks may be the clock of either side. */
    private static final Duration REFUSED_FOR = Duration.ofMinutes(10);

    private final OwnSubLicense own;
    private final OwnRegisters registers;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final TransactionTemplate atOneMoment;

    Outbox(
            OwnSubLicense own,
            OwnRegisters registers,
            JdbcClient jdbc,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.own = own;
        this.registers = registers;
        this.jdbc = jdbc;
        this.clock = clock;
        this.atOneMoment = new TransactionTemplate(transactions);
        atOneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    private <T> T inOneMoment(Supplier<T> work) {
        T result = ProviderScope.call(() -> atOneMoment.execute(status -> work.get()));
        if (result == null) {
            throw new IllegalStateException("no result of a transaction that must have one");
        }
        return result;
    }

    @Override
    public Optional<Batch> next() {
        return own.held()
                .map(Held::tenant)
                .flatMap(tenant ->
                        inOneMoment(() -> oldest().or(() -> make(tenant).flatMap(made -> find(made.number())))
                                .or(this::oldestRefused)));
    }

    /** Puts what is new into a batch, whether or not older ones wait; empty if nothing is. */
    Optional<Export> makeNext() {
        return own.held().map(Held::tenant).flatMap(tenant -> inOneMoment(() -> make(tenant)));
    }

    Optional<Batch> batch(long number) {
        return inOneMoment(() -> find(number));
    }

    private Optional<Export> make(TenantId tenant) {
        var horizon = registers.horizon();
        var cursor = registers.cursor();
        var high = cursor.high();
        if (cursor.low() > horizon || (high != null && high > horizon)) {
            registers.redate(horizon);
            registers.keep(cursor.rewound());
            return Optional.empty(); // what this transaction has touched is old enough for the next
        }
        var open = high == null ? cursor.opened(horizon) : cursor;
        var intervals = registers.intervals(tenant.value(), open, SiteUsage.MAX_ROWS);
        var left = Math.min(MAX_EPOCHS, SiteUsage.MAX_ROWS - intervals.size());
        var found = left == 0 ? new Epochs(List.of(), false) : registers.epochs(tenant.value(), open, left);
        var epochs = found.epochs();
        var moved = found.isLast() ? open.closed() : moved(open, intervals, epochs);
        if (intervals.isEmpty() && epochs.isEmpty()) {
            if (!moved.equals(cursor)) {
                registers.keep(moved);
            }
            return Optional.empty();
        }
        return Optional.of(put(tenant, moved, intervals, epochs));
    }

    private static Cursor moved(Cursor open, List<Interval> intervals, List<Epoch> epochs) {
        var bucket = intervals.isEmpty()
                ? open.bucket()
                : new BucketKey(
                        intervals.getLast().stream(),
                        intervals.getLast().epoch(),
                        intervals.getLast().bucket());
        var epoch = epochs.isEmpty()
                ? open.epoch()
                : new RowKey(epochs.getLast().stream(), epochs.getLast().epoch());
        return open.at(bucket, epoch);
    }

    private Export put(TenantId tenant, Cursor cursor, List<Interval> intervals, List<Epoch> epochs) {
        var streams = new LinkedHashSet<UUID>();
        intervals.forEach(interval -> streams.add(interval.stream()));
        epochs.forEach(epoch -> streams.add(epoch.stream()));
        var number = cursor.lastNumber() + 1;
        var now = clock.instant();
        byte[] body = ProtocolJson.write(new SiteUsage(
                number, cursor.lastSha256(), now, registers.streams(tenant.value(), streams), intervals, epochs));
        var sha256 = ProtocolJson.sha256Hex(body);
        var rows = intervals.size() + epochs.size();
        jdbc.sql("insert into reporting.usage_outbox (number, sha256, rows, body, made_at) values (?, ?, ?, ?, ?)")
                .params(number, sha256, rows, body, now.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("delete from reporting.usage_outbox where number <= ?")
                .param(number - KEPT)
                .update();
        registers.keep(cursor.numbered(number, sha256));
        return new Export(number, sha256, rows, now, false);
    }

    private Optional<Batch> oldest() {
        return jdbc.sql("""
                        select number, body from reporting.usage_outbox
                         where acknowledged_at is null and refused_at is null order by number limit 1""")
                .query((row, n) -> new Batch(row.getLong(1), row.getBytes(2)))
                .optional();
    }

    private Optional<Batch> oldestRefused() {
        return jdbc.sql("""
                        select number, body from reporting.usage_outbox
                         where acknowledged_at is null and refused_at < ? order by number limit 1""")
                .param(clock.instant().minus(REFUSED_FOR).atOffset(ZoneOffset.UTC))
                .query((row, n) -> new Batch(row.getLong(1), row.getBytes(2)))
                .optional();
    }

    @Override
    public void refused(Batch batch, String code) {
        var unused = inOneMoment(() -> jdbc.sql("""
                        update reporting.usage_outbox set refused_at = ?, refusal = ?
                         where number = ? and sha256 = ? and acknowledged_at is null""")
                .params(
                        clock.instant().atOffset(ZoneOffset.UTC),
                        code,
                        batch.number(),
                        ProtocolJson.sha256Hex(batch.bytes()))
                .update());
    }

    @Override
    public Optional<String> refusal() {
        return inOneMoment(() -> jdbc.sql("""
                        select refusal from reporting.usage_outbox
                         where acknowledged_at is null and refused_at is not null order by refused_at desc limit 1""").query(String.class).optional());
    }

    private Optional<Batch> find(long number) {
        return jdbc.sql("select number, body from reporting.usage_outbox where number = ? and body is not null")
                .param(number)
                .query((row, n) -> new Batch(row.getLong(1), row.getBytes(2)))
                .optional();
    }

    @Override
    public void acknowledged(Batch batch, List<Long> missing) {
        var unused = inOneMoment(() -> {
            int own = jdbc.sql("""
                            update reporting.usage_outbox set acknowledged_at = ?, body = null
                             where number = ? and sha256 = ? and acknowledged_at is null""")
                    .params(
                            clock.instant().atOffset(ZoneOffset.UTC),
                            batch.number(),
                            ProtocolJson.sha256Hex(batch.bytes()))
                    .update();
            if (own == 1 && isLost(missing)) {
                registers.keep(registers.cursor().rewound());
            }
            return own;
        });
    }

    /** Whether one of these can come neither from here nor with what has come again since it was made. */
    private boolean isLost(List<Long> missing) {
        var cursor = registers.cursor();
        return jdbc.sql("""
                        select exists (select from unnest(cast(:missing as bigint[])) as n (number)
                         where n.number > :rewound and n.number <= :last
                           and not exists (select from reporting.usage_outbox o
                                            where o.number = n.number and o.body is not null))""")
                .param("missing", missing.toArray(Long[]::new))
                .param("rewound", cursor.rewoundNumber())
                .param("last", cursor.lastNumber())
                .query(Boolean.class)
                .single();
    }

    @Override
    public int waiting() {
        return inOneMoment(() -> jdbc.sql("select count(*) from reporting.usage_outbox where acknowledged_at is null")
                .query(Integer.class)
                .single());
    }

    @Override
    public void startOver() {
        var unused = inOneMoment(() -> {
            jdbc.sql("delete from reporting.usage_outbox").update();
            return jdbc.sql("delete from reporting.usage_cursor").update();
        });
    }

    /** The newest first. */
    List<Export> exports(long before, int limit) {
        return inOneMoment(() -> jdbc.sql("""
                        select * from reporting.usage_outbox where number < ? order by number desc limit ?""")
                .params(before, limit)
                .query((row, n) -> new Export(
                        row.getLong("number"),
                        row.getString("sha256"),
                        row.getInt("rows"),
                        row.getObject("made_at", OffsetDateTime.class).toInstant(),
                        row.getObject("acknowledged_at") != null))
                .list());
    }
}
