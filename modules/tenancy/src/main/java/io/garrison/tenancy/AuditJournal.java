package io.garrison.tenancy;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
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
class AuditJournal implements AuditTrail, CrossTenantAudit {

    private final AuditEntries entries;
    private final Clock clock;

    AuditJournal(AuditEntries entries, Clock clock) {
        this.entries = entries;
        this.clock = clock;
    }

    @Override
    public void record(
            String action, String objectType, String objectId, Map<String, ? extends @Nullable Object> details) {
        draft(CurrentTenant.find().orElse(null), action, objectType, objectId, details);
    }

    @Override
    public void record(
            TenantId tenant,
            String action,
            String objectType,
            String objectId,
            Map<String, ? extends @Nullable Object> details) {
        if (!ProviderScope.isEntered()) {
            throw new IllegalStateException(
                    "audit entry for another tenant outside of the provider's scope: " + action);
        }
        draft(tenant, action, objectType, objectId, details);
    }

    private void draft(
            @Nullable TenantId tenant,
            String action,
            String objectType,
            String objectId,
            Map<String, ? extends @Nullable Object> details) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("audit entry outside of a transaction: " + action);
        }
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var draft =
                new AuditEntry(0, tenant, at, Actor.current(), action, objectType, objectId, CanonicalJson.of(details));
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
                append(List.of(draft)); // recorded by work that itself runs just before the commit
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
            append(drafts);
        }

        /** House by house in one order, so that no two transactions wait for each other's chains. */
        private void append(List<AuditEntry> drafts) {
            var byHouse = new TreeMap<UUID, List<AuditEntry>>();
            drafts.forEach(draft -> byHouse.computeIfAbsent(
                            draft.tenant().map(TenantId::value).orElse(House.PROVIDER), house -> new ArrayList<>())
                    .add(draft));
            byHouse.forEach(entries::append);
        }
    }
}
