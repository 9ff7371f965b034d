package io.garrison.instances;

import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.State;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill;
import io.garrison.protocol.Drill.Kind;
import io.garrison.protocol.Drill.Role;
import io.garrison.protocol.SessionMarks;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of rehearsed failovers. */
@Repository
class DrillRows {

    /** How late an instance may hear of a rehearsal and still take part. */
    static final Duration LATE = Duration.ofMinutes(1);

    /** How long before its start the instances are told: the stack must still be whole then. */
    static final Duration AHEAD = Duration.ofMinutes(2);

    /** How long after its end results are waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final JdbcClient jdbc;

    DrillRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(StackId stack, DrillSummary drill) {
        jdbc.sql("""
                        insert into instances.drill (tenant_id, id, stack_id, router, kind, starts_at, hold_seconds, reason,
                            yielder_id, prober_id, asked_at, asked_by)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        CurrentTenant.require().value(),
                        drill.id(),
                        stack.value(),
                        drill.router(),
                        drill.kind().name(),
                        Sql.time(drill.startsAt()),
                        drill.holdSeconds(),
                        drill.reason(),
                        drill.yielder().value(),
                        drill.prober().value(),
                        Sql.time(drill.askedAt()),
                        drill.askedBy())
                .update();
        jdbc.sql("""
                        delete from instances.drill where stack_id = :stack and id in (
                               select id from instances.drill where stack_id = :stack
                                order by starts_at desc, id offset :kept)""").param("stack", stack.value()).param("kept", Drills.KEPT).update();
    }

    /** @param after id of the last one seen */
    List<DrillSummary> of(StackId stack, @Nullable UUID after, int limit, Instant now) {
        return jdbc.sql("""
                        select * from instances.drill d
                         where d.stack_id = :stack
                           and (cast(:after as uuid) is null or (d.starts_at, d.id) <
                               (select a.starts_at, a.id from instances.drill a where a.id = cast(:after as uuid)))
                         order by d.starts_at desc, d.id desc limit :limit""")
                .param("stack", stack.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> summary(row, now))
                .list();
    }

    /** Of all stacks, the newest first. */
    List<DrillHistory.Entry> between(Instant from, Instant to, int limit, Instant now) {
        return jdbc.sql("""
                        select d.*, s.name as stack_name from instances.drill d
                          join instances.stack s on s.tenant_id = d.tenant_id and s.id = d.stack_id
                         where d.starts_at >= ? and d.starts_at < ?
                         order by d.starts_at desc, d.id desc limit ?""")
                .params(Sql.time(from), Sql.time(to), limit)
                .query((row, n) -> new DrillHistory.Entry(row.getString("stack_name"), summary(row, now)))
                .list();
    }

    /** Whether one is planned or running. */
    boolean hasOpen(StackId stack, Instant now) {
        return of(stack, null, Drills.KEPT, now).stream()
                .anyMatch(drill -> drill.state() == State.PLANNED || drill.state() == State.RUNNING);
    }

    /** A rehearsal as it is decided upon. */
    record Row(DrillSummary drill, boolean isTold, Instant until) {
        State state(Instant now) {
            return DrillRows.state(drill.yielded(), drill.probed(), drill.problem(), drill.startsAt(), until, now);
        }
    }

    /** Holds the row until the transaction ends. */
    Optional<Row> lock(StackId stack, UUID id) {
        return jdbc.sql("select * from instances.drill where stack_id = ? and id = ? for update")
                .params(stack.value(), id)
                .query((row, n) -> {
                    var drill = summary(row, Sql.requiredInstant(row, "starts_at"));
                    return new Row(
                            drill, row.getObject("told_at") != null, until(drill.startsAt(), drill.holdSeconds()));
                })
                .optional();
    }

    void delete(UUID id) {
        jdbc.sql("delete from instances.drill where id = ?").param(id).update();
    }

    void told(UUID id, Instant now) {
        jdbc.sql("update instances.drill set told_at = ? where id = ?")
                .params(Sql.time(now), id)
                .update();
    }

    void refuse(UUID id, String problem) {
        jdbc.sql("update instances.drill set problem = ? where id = ?")
                .params(problem, id)
                .update();
    }

    /**
     * What the instance shall take part in next and has not told of yet, if it is not too late for that, and begins within
     * two minutes.
     */
    Optional<Drill> open(EdgeIdentity of, Instant now) {
        return jdbc.sql("""
                        select *, yielder_id = :instance as yields from instances.drill
                         where stack_id = :stack and starts_at > :late and starts_at <= :soon and problem is null
                           and (yielder_id = :instance and yielded is null or prober_id = :instance and probed is null)
                         order by starts_at limit 1""")
                .param("instance", of.instanceId().value())
                .param("stack", of.stackId().value())
                .param("late", Sql.time(now.minus(LATE)))
                .param("soon", Sql.time(now.plus(AHEAD)))
                .query((row, n) -> new Drill(
                        Sql.uuid(row, "id"),
                        row.getString("router"),
                        row.getBoolean("yields") ? Role.YIELD : Role.PROBE,
                        Kind.valueOf(row.getString("kind")),
                        Sql.requiredInstant(row, "starts_at"),
                        row.getInt("hold_seconds")))
                .optional();
    }

    /** Of the instance's own part in a rehearsal of its stack; the first word holds. */
    void take(EdgeIdentity from, DrillResult told) {
        for (var part : List.of("yield", "prob")) {
            jdbc.sql("""
                            update instances.drill set %sed = cast(:result as json)
                             where id = :id and stack_id = :stack and %ser_id = :instance and %sed is null""".formatted(part, part, part))
                    .param("result", Sql.json(shown(told)))
                    .param("id", told.drillId())
                    .param("stack", from.stackId().value())
                    .param("instance", from.instanceId().value())
                    .update();
        }
        compareSessions(told.drillId());
    }

    private static DrillResult shown(DrillResult told) {
        var marks = told.sessionMarks();
        return with(told, null, marks == null || marks.size() > SessionMarks.MOST ? null : marks);
    }

    private static DrillResult with(DrillResult told, @Nullable Integer sessionsKept, @Nullable List<Long> marks) {
        return new DrillResult(
                told.drillId(),
                Told.text(told.role(), 16),
                told.startedAt(),
                told.takeoverMs(),
                told.longestGapMs(),
                told.probes(),
                told.failedProbes(),
                sessionsKept,
                told.sessionsTotal(),
                Told.textOrNull(told.problem(), 500),
                marks);
    }

    /** Marks of sessions are of use until both have told; they stand for clients, so nobody else gets them. */
    private void compareSessions(UUID drill) {
        jdbc.sql("""
                        select yielded, probed from instances.drill
                         where id = ? and yielded is not null and probed is not null""")
                .param(drill)
                .query((row, n) -> List.of(told(row.getString("yielded")), told(row.getString("probed"))))
                .optional()
                .filter(both -> both.stream().anyMatch(told -> told.sessionMarks() != null))
                .ifPresent(both -> {
                    var kept = SessionMarks.kept(both.getFirst(), both.getLast());
                    jdbc.sql(
                                    "update instances.drill set yielded = cast(? as json), probed = cast(? as json) where id = ?")
                            .params(
                                    Sql.json(with(both.getFirst(), null, null)),
                                    Sql.json(with(both.getLast(), kept.isPresent() ? kept.getAsInt() : null, null)),
                                    drill)
                            .update();
                });
    }

    private static DrillSummary summary(ResultSet row, Instant now) throws SQLException {
        var yielded = result(row.getString("yielded"));
        var probed = result(row.getString("probed"));
        var problem = row.getString("problem");
        var startsAt = Sql.requiredInstant(row, "starts_at");
        int hold = row.getInt("hold_seconds");
        var state = state(yielded, probed, problem, startsAt, until(startsAt, hold), now);
        return new DrillSummary(
                Sql.uuid(row, "id"),
                row.getString("router"),
                Kind.valueOf(row.getString("kind")),
                state,
                startsAt,
                hold,
                row.getString("reason"),
                new InstanceId(Sql.uuid(row, "yielder_id")),
                new InstanceId(Sql.uuid(row, "prober_id")),
                Sql.requiredInstant(row, "asked_at"),
                row.getString("asked_by"),
                yielded,
                probed,
                problem,
                state == State.PLANNED && row.getObject("told_at") == null);
    }

    private static Instant until(Instant startsAt, int holdSeconds) {
        return startsAt.plusSeconds(holdSeconds).plus(PATIENCE);
    }

    private static State state(
            @Nullable DrillResult yielded,
            @Nullable DrillResult probed,
            @Nullable String problem,
            Instant from,
            Instant until,
            Instant now) {
        if (problem != null
                || yielded != null && yielded.problem() != null
                || probed != null && probed.problem() != null) {
            return State.FAILED;
        }
        if (yielded != null && probed != null) {
            return State.DONE;
        }
        if (now.isBefore(from)) {
            return State.PLANNED;
        }
        return now.isBefore(until) ? State.RUNNING : State.UNANSWERED;
    }

    private static @Nullable DrillResult result(@Nullable String json) {
        if (json == null) {
            return null;
        }
        var told = told(json);
        return with(told, told.sessionsKept(), null);
    }

    private static DrillResult told(String json) {
        return Sql.read(json, DrillResult.class);
    }
}
