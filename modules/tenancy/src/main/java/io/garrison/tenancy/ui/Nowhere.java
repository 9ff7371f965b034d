package io.garrison.tenancy.ui;

import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import java.util.UUID;
import java.util.function.Supplier;

/** Stands where a page's tenant will be, until the page is entered. */
enum Nowhere implements TenantScope {
    SCOPE;

    @Override
    public TenantId tenant() {
        return new TenantId(new UUID(0, 0));
    }

    @Override
    public String slug() {
        return "";
    }

    @Override
    public boolean visiting() {
        return false;
    }

    @Override
    public <R> R call(Supplier<R> work) {
        throw new IllegalStateException("the page has not been entered");
    }

    @Override
    public boolean may(Permission permission) {
        return false;
    }
}
