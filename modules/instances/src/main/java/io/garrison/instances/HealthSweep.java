package io.garrison.instances;

import io.garrison.tenancy.ProviderScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Notices silence. Runs on every replica; a lock in the database lets one at a time do it. */
@Component
class HealthSweep {

    private static final Logger log = LoggerFactory.getLogger(HealthSweep.class);

    private static final long LOCK = 0x6761_7272_7377_6570L;

    private final JdbcClient jdbc;
    private final InstanceSettings settings;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Instant began;

    HealthSweep(JdbcClient jdbc, InstanceSettings settings, Clock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
        this.began = clock.instant();
        this.transaction = new TransactionTemplate(transactions);
    }

    @Scheduled(fixedDelay = 1_000)
    void sweep() {
        sweep(clock.instant());
    }

    /**
     * While management was away nobody could be heard, so silence counts from its start at the earliest: a restart must
     * not make the whole fleet LOST.
     */
    void sweep(Instant now) {
        ProviderScope.run(() -> transaction.executeWithoutResult(status -> {
            boolean mine = jdbc.sql("select pg_try_advisory_xact_lock(?)")
                    .param(LOCK)
                    .query(Boolean.class)
                    .single();
            if (mine) {
                silent(
                        now,
                        settings.lostAfter(),
                        LifecycleState.LOST,
                        "'ENROLLED','SYNCING','ONLINE','MAINTENANCE','SUSPECT'");
                silent(
                        now,
                        settings.suspectAfter(),
                        LifecycleState.SUSPECT,
                        "'ENROLLED','SYNCING','ONLINE','MAINTENANCE'");
            }
        }));
    }

    private void silent(Instant now, Duration after, LifecycleState state, String from) {
        if (now.isBefore(began.plus(after))) {
            return;
        }
        int changed = jdbc.sql("""
                        update instances.instance i set lifecycle = :state, lifecycle_since = :now
                         where i.lifecycle in (%s)
                           and not exists (
                               select 1 from instances.heartbeat b
                                where b.tenant_id = i.tenant_id and b.instance_id = i.id and b.last_seen >= :since)
                           and (i.lifecycle_since < :since or exists (
                               select 1 from instances.heartbeat b
                                where b.tenant_id = i.tenant_id and b.instance_id = i.id and b.last_seen is not null))""".formatted(from))
                .param("state", state.name())
                .param("now", Sql.time(now))
                .param("since", Sql.time(now.minus(after)))
                .update();
        if (changed > 0) {
            log.info("{} instances are {}", changed, state);
        }
    }
}
