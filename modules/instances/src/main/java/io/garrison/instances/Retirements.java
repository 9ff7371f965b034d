package io.garrison.instances;

import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Retires instances that have been LOST for as long as their stack says (PX-34), of each stack one at a time: so the others
 * have to be enough for each step. Runs on every replica; the stack's row is locked.
 */
@Component
class Retirements {

    private static final Logger log = LoggerFactory.getLogger(Retirements.class);

    private final JdbcClient jdbc;
    private final Spare spare;
    private final Acts acts;
    private final InstanceSettings settings;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Instant began;

    Retirements(
            JdbcClient jdbc,
            Spare spare,
            Acts acts,
            InstanceSettings settings,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.spare = spare;
        this.acts = acts;
        this.settings = settings;
        this.clock = clock;
        this.began = clock.instant();
        this.transaction = new TransactionTemplate(transactions);
    }

    /** What a retirement is made of. */
    @Component
    record Acts(Stacks stacks, Instances instances, Departures departures, InstanceEvents events, AuditTrail audit) {}

    private record Due(TenantId tenant, StackId stack) {}

    @Scheduled(fixedDelay = 10_000)
    void retire() {
        retire(clock.instant());
    }

    /** While management was away nobody could return, so nobody is retired before everybody can have. */
    void retire(Instant now) {
        if (now.isBefore(began.plus(settings.lostAfter()))) {
            return;
        }
        for (var due : due(now)) {
            CurrentTenant.runAs(
                    due.tenant(), () -> Actor.callAs(Actor.system("retirement"), () -> guarded(due.stack(), now)));
        }
    }

    private List<Due> due(Instant now) {
        return ProviderScope.call(() -> transaction.execute(status -> jdbc.sql("""
                        select distinct s.tenant_id, s.id from instances.stack s
                          join instances.instance i on i.tenant_id = s.tenant_id and i.stack_id = s.id
                         where s.deleted_at is null and s.retire_lost_after_hours > 0 and i.lifecycle = 'LOST'
                           and i.lifecycle_since <= :now - make_interval(hours => s.retire_lost_after_hours)""")
                .param("now", Sql.time(now))
                .query((row, n) -> new Due(new TenantId(Sql.uuid(row, "tenant_id")), new StackId(Sql.uuid(row, "id"))))
                .list()));
    }

    /** What goes wrong in one stack keeps no other from its turn. */
    private boolean guarded(StackId stack, Instant now) {
        try {
            transaction.executeWithoutResult(status -> retire(stack, now));
        } catch (RuntimeException e) {
            log.error("Lost instances of stack {} are not retired; trying on", stack, e);
        }
        return true;
    }

    private void retire(StackId id, Instant now) {
        var stack = acts.stacks().requireLocked(id);
        var grace = Duration.ofHours(stack.retireLostAfterHours());
        spare.first(id, now.minus(grace), now)
                .flatMap(this::locked)
                .filter(row -> row.lifecycle() == LifecycleState.LOST) // it may be back in this moment
                .ifPresent(row -> retire(stack, row, now));
    }

    private Optional<Instances.Row> locked(InstanceId id) {
        acts.departures().prepare(id);
        return acts.instances().lock(id);
    }

    private void retire(Stacks.Row stack, Instances.Row row, Instant now) {
        acts.departures().leave(row, LifecycleState.RETIRED, now);
        acts.events()
                .record(
                        row.id(),
                        stack.id(),
                        "cluster.member-retired",
                        "WARNING",
                        "%s was lost for %d h, and is a member no more"
                                .formatted(row.name(), stack.retireLostAfterHours()),
                        now);
        acts.audit()
                .record(
                        "instance.retired",
                        "instance",
                        row.id().toString(),
                        Map.of(
                                "name", row.name(),
                                "stackId", stack.id().toString(),
                                "before", row.lifecycle().name(),
                                "lostForHours", stack.retireLostAfterHours()));
        log.info("instance {} was lost for {} h, and is retired", row.id(), stack.retireLostAfterHours());
    }
}
