package io.garrison.reporting.usage;

import io.garrison.instances.EdgeIdentity;
import io.garrison.instances.InstanceId;
import io.garrison.instances.RegisterFlushes;
import io.garrison.protocol.MeterAck;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Asks all connected edges for their registers and waits until PostgreSQL has them, so that usage holds everything that
 * was counted when the request was made. Edges that get lost on the way are named, and do not keep the others waiting.
 */
@Service
public class UsageFlush {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Logger log = LoggerFactory.getLogger(UsageFlush.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final RegisterFlushes flushes;
    private final Operations operations;
    private final AuditTrail audit;
    private final JdbcClient database;
    private final TransactionTemplate transactions;

    UsageFlush(
            RegisterFlushes flushes,
            Operations operations,
            AuditTrail audit,
            JdbcClient database,
            PlatformTransactionManager transactions) {
        this.flushes = flushes;
        this.operations = operations;
        this.audit = audit;
        this.database = database;
        this.transactions = new TransactionTemplate(transactions);
    }

    /**
     * Begins; for the provider, with no tenant bound.
     *
     * @return the operation, which ends within {@link #DEADLINE}
     */
    @Requires(Permission.USAGE_FLUSH)
    public UUID start() {
        var operation = operations.start("usage.flush", DEADLINE.plusSeconds(5));
        ProviderScope.run(() -> transactions.executeWithoutResult(
                status -> audit.record("usage.flushed", "usage", operation.toString(), Map.of())));
        var flush = flushes.request();
        var actor = Actor.current();
        Thread.ofVirtual()
                .name("usage-flush-" + operation)
                .start(() -> Actor.callAs(actor, () -> {
                    await(flush, operation);
                    return true;
                }));
        return operation;
    }

    private void await(UUID flush, UUID operation) {
        var end = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (System.nanoTime() < end) {
                var progress = flushes.progress(flush);
                var missing = missing(progress.answered());
                if (progress.waiting().isEmpty() && missing.isEmpty()) {
                    finish(operation, progress.lost());
                    return;
                }
                var known = progress.answered().size() - missing.size();
                var asked = progress.answered().size() + progress.waiting().size();
                operations.progress(operation, asked == 0 ? 99 : Math.min(99, 100 * known / asked));
                Thread.sleep(BETWEEN_LOOKS);
            }
            var progress = flushes.progress(flush);
            operations.fail(
                    operation,
                    "usage.flush-incomplete",
                    "After %d s these instances have not answered: %s; and the registers of these are not committed: %s."
                            .formatted(
                                    DEADLINE.toSeconds(),
                                    names(progress.waiting()),
                                    names(missing(progress.answered()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("flush {} failed", flush, e);
            operations.fail(operation, "usage.flush-failed", "The flush could not be followed. Ask for it again.");
        }
    }

    /** Lost edges are told with the result; what they counted comes when they are back. */
    private void finish(UUID operation, Set<InstanceId> lost) {
        if (lost.isEmpty()) {
            operations.succeed(operation, "/api/v1/usage");
        } else {
            operations.succeed(operation, "/api/v1/usage?lost=" + names(lost));
        }
    }

    private List<InstanceId> missing(Map<EdgeIdentity, List<MeterAck>> answered) {
        var missing = new ArrayList<InstanceId>();
        answered.forEach((edge, registers) -> {
            if (!read(() -> isCommitted(edge, registers))) {
                missing.add(edge.instanceId());
            }
        });
        return missing;
    }

    /** Registers are cumulative: who has the last record has what those before it counted. */
    private boolean isCommitted(EdgeIdentity edge, List<MeterAck> registers) {
        for (var register : registers) {
            var committed = database.sql("""
                    select exists (select from reporting.meter_epoch
                     where tenant_id = :tenant and stream = :stream and epoch = :epoch and seen @> :sequence::int8)""")
                    .param("tenant", edge.tenantId().value())
                    .param("stream", register.stream())
                    .param("epoch", register.epoch())
                    .param("sequence", register.sequence())
                    .query(Boolean.class)
                    .single();
            if (!committed) {
                return false;
            }
        }
        return true;
    }

    private boolean read(Supplier<Boolean> work) {
        return ProviderScope.call(() -> Boolean.TRUE.equals(transactions.execute(status -> work.get())));
    }

    private static String names(Iterable<InstanceId> instances) {
        var names = new TreeSet<String>();
        instances.forEach(instance -> names.add(instance.toString()));
        return names.isEmpty() ? "none" : String.join(",", names);
    }
}
