package io.garrison.tenancy;

import java.util.List;
import java.util.Optional;

/**
 * Where the person who is signed in at the console may go. The address of a page names its tenant; nothing is kept in
 * the session.
 */
public interface Workspace {

    /** Whether the person belongs to the provider's staff. */
    boolean isProvider();

    /** The tenants that the person may enter, by slug. */
    List<TenantSummary> available();

    /** @return none if there is no such tenant for this person */
    Optional<TenantSummary> find(String slug);

    /** @throws TenancyException.NotFound if the tenant is not this person's to enter */
    Visit enter(TenantId tenantId);

    /** The person in the provider's own house, where a tenant's member may do nothing. */
    Visit home();

    /**
     * A person in a place, apart from any request; safe to keep as long as a page is shown. Rights are read anew with
     * each call. For background work: load inside {@link #call}, then touch components inside {@code UI.access}, which
     * runs on whatever thread comes by.
     */
    interface Visit {

        /**
         * Runs {@code op} with the person and the tenant bound. Not inside a transaction.
         *
         * @throws TenancyException if the account or its way into the tenant is gone
         */
        <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> op) throws X;

        boolean may(Permission permission);
    }
}
