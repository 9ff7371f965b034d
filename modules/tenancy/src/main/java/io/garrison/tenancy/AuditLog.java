package io.garrison.tenancy;

import io.garrison.tenancy.http.Page;
import org.jspecify.annotations.Nullable;

/** Reading the audit trail of the bound tenant, or, with none bound, of the provider. */
public interface AuditLog {

    /**
     * The newest first.
     *
     * @param before index of the last entry that was seen; 0 for the newest
     */
    Page<AuditEntry> list(long before, int limit);

    /** Recomputes the chain of the bound tenant, or, with none bound, of the provider and of every tenant. */
    Verification verify();

    /**
     * @param entries how many were read
     * @param firstBroken index of the first entry that is not as it was written; one past the last if entries are
     *     missing from the end
     * @param brokenChain tenant id, or {@code provider}
     */
    record Verification(
            boolean intact,
            long entries,
            @Nullable Long firstBroken,
            @Nullable String brokenChain) {}
}
