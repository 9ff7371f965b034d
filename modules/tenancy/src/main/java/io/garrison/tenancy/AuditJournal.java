package io.garrison.tenancy;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gathers the entries of a transaction and appends them just before it commits. So the lock on the end of the chain is
 * the last one that a transaction takes and the shortest that it holds, and audited work cannot deadlock over it.
 */
@Component
class AuditJournal implements AuditTrail {

    private final AuditEntries entries;
    private final Clock clock;

    AuditJournal(AuditEntries entries, Clock clock) {
        this.entries = entries;
        this.clock = clock;
    }

    @Override
    public void record(
            String action, String objectType, String objectId, Map<String, ? extends @Nullable Object> details) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("audit entry outside of a transaction: " + action);
        }
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var draft = new AuditEntry(
                0,
                CurrentTenant.find().orElse(null),
                at,
                Actor.current(),
                action,
                objectType,
                objectId,
                CanonicalJson.of(details));
        pending().add(draft);
    }

    private Pending pending() {
        for (var synchronization : TransactionSynchronizationManager.getSynchronizations()) {
            if (synchronization instanceof Pending pending && pending.belongsTo(this)) {
                return pending;
            }
        }
        var pending = new Pending();
        TransactionSynchronizationManager.registerSynchronization(pending);
        return pending;
    }

    private final class Pending implements TransactionSynchronization {
        private final List<AuditEntry> drafts = new ArrayList<>();
        private boolean appended;

        boolean belongsTo(AuditJournal journal) {
            return AuditJournal.this == journal;
        }

        void add(AuditEntry draft) {
            if (appended) {
                entries.append(List.of(draft)); // recorded by work that itself runs just before the commit
            } else {
                drafts.add(draft);
            }
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            appended = true;
            entries.append(drafts);
        }
    }
}
