package io.garrison.tenancy;

import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Where something belongs: to the bound tenant, or, with none bound, to the provider itself. Rows of the provider carry
 * the nil UUID as their tenant, which can never be bound.
 */
@Component
class House {

    static final UUID PROVIDER = new UUID(0, 0);

    private final TransactionTemplate writes;
    private final TransactionTemplate reads;
    private final TransactionTemplate snapshots;

    House(PlatformTransactionManager transactions) {
        this.writes = new TransactionTemplate(transactions);
        this.reads = new TransactionTemplate(transactions);
        this.reads.setReadOnly(true);
        this.snapshots = new TransactionTemplate(transactions);
        this.snapshots.setReadOnly(true);
        this.snapshots.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /** The house that is bound now. */
    static UUID id() {
        return CurrentTenant.find().map(TenantId::value).orElse(PROVIDER);
    }

    /** Runs {@code op} with that house bound. */
    static <R> R in(UUID house, Supplier<R> op) {
        return house.equals(PROVIDER) ? op.get() : CurrentTenant.callAs(new TenantId(house), op::get);
    }

    /** Runs a transaction in the bound house. */
    <R> R write(Supplier<R> work) {
        return enter(() -> inside(writes, work));
    }

    void write(Runnable work) {
        write(() -> {
            work.run();
            return true;
        });
    }

    /** Runs a read-only transaction in the bound house. */
    <R> R read(Supplier<R> work) {
        return enter(() -> inside(reads, work));
    }

    /** {@link #read} whose statements all see the same moment. */
    <R> R snapshot(Supplier<R> work) {
        return enter(() -> inside(snapshots, work));
    }

    private static <R> R enter(Supplier<R> work) {
        if (CurrentTenant.find().isPresent() || ProviderScope.isEntered()) {
            return work.get();
        }
        return ProviderScope.call(work::get);
    }

    private static <R> R inside(TransactionTemplate template, Supplier<R> work) {
        var result = template.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("work in a transaction gave no result");
        }
        return result;
    }
}
