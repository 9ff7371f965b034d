package io.garrison.tenancy;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Work of the provider across all tenants. Inside it, transactions run on a separate pool with a database role of its
 * own ({@code garrison_provider}), so that nothing on a tenant's path can widen itself to it. Only for the few services
 * whose purpose is cross-tenant; each use is audited by its caller.
 */
public final class ProviderScope {

    private static final ScopedValue<Boolean> ENTERED = ScopedValue.newInstance();

    private ProviderScope() {}

    public static boolean isEntered() {
        return ENTERED.isBound();
    }

    /** @throws IllegalStateException if a transaction is already running, or if a tenant is bound */
    public static <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> op) throws X {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("cannot enter the provider scope inside a running transaction");
        }
        if (CurrentTenant.find().isPresent()) {
            throw new IllegalStateException("cannot enter the provider scope while a tenant is bound");
        }
        return ScopedValue.where(ENTERED, true).call(op);
    }

    /** {@link #call} for work without a result. */
    public static void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }
}
