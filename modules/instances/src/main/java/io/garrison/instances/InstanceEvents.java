package io.garrison.instances;

import io.garrison.protocol.Availability.Event;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What happened on instances. Of each the newest {@value #KEPT} are kept, and few more, and an event that is told twice is one. */
@Repository
class InstanceEvents {

    static final int KEPT = 10_000;

    /** More than an agent sends in one report. */
    private static final int AT_ONCE = 200;

    private static final int TRIM_EACH = 100;

    private static final Duration AHEAD = Duration.ofDays(1);
    private static final Duration BEHIND = Duration.ofDays(3_650);

    private final JdbcClient jdbc;

    InstanceEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Keeps the events, those first that came first.
     *
     * @return the highest sequence up to which all that were told are kept now; 0 if there were none
     */
    long take(EdgeIdentity from, List<Event> told, Instant now) {
        var taken = told.stream()
                .sorted(Comparator.comparingLong(Event::sequence))
                .limit(AT_ONCE)
                .toList();
        int added = taken.stream().mapToInt(event -> add(from, event, now)).sum();
        // Each hundredth on average: what is there is counted for it.
        if (ThreadLocalRandom.current().nextInt(TRIM_EACH) < added) {
            forgetOldest(from.instanceId());
        }
        return taken.isEmpty() ? 0 : Math.max(0, taken.getLast().sequence());
    }

    private int add(EdgeIdentity from, Event event, Instant now) {
        return jdbc.sql("""
                        insert into instances.instance_event (tenant_id, instance_id, stack_id, boot_id, sequence, at,
                            received_at, code, severity, message)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
                .params(
                        CurrentTenant.require().value(),
                        from.instanceId().value(),
                        from.stackId().value(),
                        event.bootId(),
                        event.sequence(),
                        Sql.time(believable(event.at(), now)),
                        Sql.time(now),
                        Told.text(event.code(), 64),
                        severity(event.severity()),
                        Told.text(event.message(), 500))
                .update();
    }

    /** Of what management did itself. */
    void record(InstanceId instance, StackId stack, String code, String severity, String message, Instant now) {
        add(
                new EdgeIdentity(CurrentTenant.require(), stack, instance),
                new Event(UUID.randomUUID(), 1, now, code, severity, message),
                now);
    }

    /** A clock that is out by years says nothing. */
    private static Instant believable(Instant at, Instant now) {
        return at.isAfter(now.plus(AHEAD)) || at.isBefore(now.minus(BEHIND)) ? now : at;
    }

    private static String severity(String told) {
        return List.of("INFO", "WARNING", "ALARM").contains(told) ? told : "WARNING";
    }

    private void forgetOldest(InstanceId instance) {
        jdbc.sql("""
                        delete from instances.instance_event
                         where instance_id = :instance and (received_at, sequence, boot_id) <= (
                               select e.received_at, e.sequence, e.boot_id from instances.instance_event e
                                where e.instance_id = :instance
                                order by e.received_at desc, e.sequence desc, e.boot_id desc offset :kept limit 1)""").param("instance", instance.value()).param("kept", KEPT).update();
    }

    List<InstanceEvent> ofInstance(InstanceId instance, @Nullable EventCursor before, int limit) {
        return find("e.instance_id", instance.value(), before, limit);
    }

    List<InstanceEvent> ofStack(StackId stack, @Nullable EventCursor before, int limit) {
        return find("e.stack_id", stack.value(), before, limit);
    }

    private List<InstanceEvent> find(String column, UUID id, @Nullable EventCursor before, int limit) {
        return jdbc.sql("""
                        select e.*, i.name from instances.instance_event e
                          join instances.instance i on i.tenant_id = e.tenant_id and i.id = e.instance_id
                         where %s = :id
                           and (cast(:at as timestamptz) is null
                                or (e.received_at, e.sequence, e.instance_id, e.boot_id) <
                                   (cast(:at as timestamptz), :sequence, cast(:instance as uuid), cast(:boot as uuid)))
                         order by e.received_at desc, e.sequence desc, e.instance_id desc, e.boot_id desc
                         limit :limit""".formatted(column))
                .param("id", id)
                .param("at", before == null ? null : Sql.time(before.receivedAt()))
                .param("sequence", before == null ? 0L : before.sequence())
                .param("instance", before == null ? null : before.instance())
                .param("boot", before == null ? null : before.bootId())
                .param("limit", limit)
                .query(InstanceEvents::event)
                .list();
    }

    private static InstanceEvent event(ResultSet row, int number) throws SQLException {
        var instance = Sql.uuid(row, "instance_id");
        return new InstanceEvent(
                new EventCursor(
                        Sql.requiredInstant(row, "received_at"),
                        row.getLong("sequence"),
                        instance,
                        Sql.uuid(row, "boot_id")),
                new InstanceId(instance),
                row.getString("name"),
                Sql.requiredInstant(row, "at"),
                row.getString("code"),
                row.getString("severity"),
                row.getString("message"));
    }
}
