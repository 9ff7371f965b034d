package io.garrison.tenancy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hash-chained record of who did what. Entries are written in the transaction of the change, or not at all. */
public interface AuditTrail {

    /**
     * Records a change in the running transaction, for the bound tenant, or for the provider if none is bound.
     *
     * @param action what was done, as {@code <object>.<past participle>}: {@code stack.created}
     * @param objectType kind of thing it was done to
     * @param details what changed, as JSON-friendly values; never a secret, never customer traffic
     * @throws IllegalStateException if no transaction is running
     */
    void record(String action, String objectType, String objectId, Map<String, ? extends @Nullable Object> details);
}
