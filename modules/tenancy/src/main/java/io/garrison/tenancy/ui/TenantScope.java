package io.garrison.tenancy.ui;

import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import java.util.function.Supplier;

/** The tenant that a page is about. Every call to a service about its rows goes through here. */
public interface TenantScope {

    /** Stands in for the tenant until a page is entered. */
    TenantScope NOWHERE = Nowhere.SCOPE;

    TenantId tenant();

    String name();

    /** The tenant's part of addresses. */
    String slug();

    /** Whether the reader belongs to the provider and not to the tenant. */
    boolean visiting();

    /** Calls with the tenant bound. Not inside a transaction. */
    <R> R call(Supplier<R> work);

    default void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    boolean may(Permission permission);

    /** Address of one of the tenant's pages: {@code path("instances")}. */
    default String path(String page) {
        return page.isEmpty() ? "t/" + slug() : "t/" + slug() + "/" + page;
    }
}
