package io.garrison.instances;

import io.garrison.instances.InstanceDoctor.Examined;
import io.garrison.instances.InstanceDoctor.State;
import io.garrison.protocol.Examination;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of what the doctors of instances found. */
@Repository
class ExaminationRows {

    /** The doctor itself ends within five. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final JdbcClient jdbc;

    ExaminationRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Examined latest(InstanceId instance, Instant now) {
        return jdbc.sql("select * from instances.examination where instance_id = ?")
                .param(instance.value())
                .query((row, n) -> examined(row, now))
                .optional()
                .orElse(Examined.NEVER);
    }

    /** In place of what was wanted before; its result stays. */
    void ask(Instances.Row instance, UUID id, Instant now, String by) {
        jdbc.sql("""
            insert into instances.examination (tenant_id, instance_id, stack_id, id, asked_at, asked_by)
            values (?, ?, ?, ?, ?, ?)
            on conflict (tenant_id, instance_id)
            do update set id = excluded.id, asked_at = excluded.asked_at, asked_by = excluded.asked_by, told_at = null\
            """)
                .params(
                        CurrentTenant.require().value(),
                        instance.id().value(),
                        instance.stack().value(),
                        id,
                        Sql.time(now),
                        by)
                .update();
    }

    /** The wish that the instance has not answered and still may. Holds its row until the transaction ends. */
    Optional<UUID> open(InstanceId instance, Instant now) {
        return jdbc.sql("select * from instances.examination where instance_id = ? for update")
                .param(instance.value())
                .query((row, n) -> examined(row, now))
                .optional()
                .filter(examined -> examined.state() == State.WAITING || examined.state() == State.RUNNING)
                .map(Examined::id);
    }

    void told(InstanceId instance, Instant now) {
        jdbc.sql("update instances.examination set told_at = coalesce(told_at, ?) where instance_id = ?")
                .params(Sql.time(now), instance.value())
                .update();
    }

    void take(InstanceId instance, Examination result) {
        jdbc.sql("update instances.examination set result = cast(? as json) where instance_id = ? and id = ?")
                .params(Sql.json(result), instance.value(), result.id())
                .update();
    }

    private static Examined examined(ResultSet row, Instant now) throws SQLException {
        var id = Sql.uuid(row, "id");
        var askedAt = Sql.requiredInstant(row, "asked_at");
        var json = row.getString("result");
        var result = json == null ? null : Sql.read(json, Examination.class);
        return new Examined(
                state(id, askedAt, Sql.instant(row, "told_at"), result, now),
                id,
                askedAt,
                row.getString("asked_by"),
                result);
    }

    private static State state(
            UUID id, Instant askedAt, @Nullable Instant toldAt, @Nullable Examination result, Instant now) {
        if (result != null && result.id().equals(id)) {
            return State.DONE;
        }
        if (now.isAfter(askedAt.plus(PATIENCE))) {
            return State.UNANSWERED;
        }
        return toldAt == null ? State.WAITING : State.RUNNING;
    }
}
