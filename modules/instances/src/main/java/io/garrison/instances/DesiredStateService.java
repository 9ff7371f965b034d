package io.garrison.instances;

import io.garrison.protocol.SignedBundle;
import io.garrison.tenancy.TenantId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class DesiredStateService implements DesiredState {

    /** 10,000 edges of one replica, twice over while they call anew. */
    private static final int MAX_WAITING = 20_000;

    private static final int CACHED_BUNDLES = 256;
    private static final long RETRY_SECONDS = 5;

    private final JdbcClient jdbc;
    private final Revisions revisions;
    private final Bells bells;
    private final TransactionTemplate transaction;
    private final Semaphore places = new Semaphore(MAX_WAITING);

    /**
     * Of whom it is, is part of the key: a stack that was moved here keeps its ids and numbers, so the file decides them,
     * and those of one tenant may be another's too.
     */
    private record Key(TenantId tenant, StackId stack, Version version) {}

    /** Revisions never change, so what is found here is true. */
    private final Map<Key, SignedBundle> cache = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SignedBundle> eldest) {
            return size() > CACHED_BUNDLES;
        }
    });

    DesiredStateService(
            JdbcClient jdbc, Revisions revisions, EdgeNewsListener news, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.revisions = revisions;
        this.bells = news.bells();
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
    }

    @Override
    public Answer await(EdgeIdentity from, @Nullable Version known, Duration wait) throws InterruptedException {
        if (!places.tryAcquire()) {
            throw new InstanceException.TooManyRequests("edges wait here", RETRY_SECONDS);
        }
        try {
            return awaitChange(from, known, System.nanoTime() + wait.toNanos());
        } finally {
            places.release();
        }
    }

    private Answer awaitChange(EdgeIdentity from, @Nullable Version known, long deadline) throws InterruptedException {
        while (true) {
            var bell = bells.hang(from);
            try {
                var now = look(from);
                boolean changed = now.revision() > 0 && !now.equals(known);
                if (changed) {
                    return new Answer.Changed(now, bundle(from, now));
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || !bell.await(left) || bell.isLast()) {
                    return now.revision() == 0 ? new Answer.Nothing() : new Answer.Unchanged(now);
                }
            } finally {
                bells.take(bell);
            }
        }
    }

    private Version look(EdgeIdentity from) {
        var found = transaction.execute(status -> jdbc.sql("""
                        select s.incarnation, s.latest_revision, i.lifecycle
                          from instances.stack s
                          join instances.instance i on i.tenant_id = s.tenant_id and i.stack_id = s.id
                         where s.id = ? and i.id = ? and s.deleted_at is null""")
                .params(from.stackId().value(), from.instanceId().value())
                .query((row, n) ->
                        LifecycleState.valueOf(row.getString("lifecycle")).mayDialIn()
                                ? new Version(Sql.uuid(row, "incarnation"), row.getLong("latest_revision"))
                                : null)
                .list());
        if (found == null || found.isEmpty()) {
            throw new InstanceException.EdgeUnauthenticated();
        }
        var version = found.getFirst();
        if (version == null) {
            throw InstanceException.EdgeUnauthenticated.shutOut();
        }
        return version;
    }

    private SignedBundle bundle(EdgeIdentity from, Version version) {
        var stack = from.stackId();
        var key = new Key(from.tenantId(), stack, version);
        var cached = cache.get(key);
        if (cached != null) {
            return cached;
        }
        var signed = transaction.execute(
                status -> revisions.signed(stack, version.revision()).orElse(null));
        if (signed == null) {
            throw new IllegalStateException("stack %s has no revision %d".formatted(stack, version.revision()));
        }
        cache.put(key, signed);
        return signed;
    }
}
