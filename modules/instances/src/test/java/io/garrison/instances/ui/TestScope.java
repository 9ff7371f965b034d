package io.garrison.instances.ui;

import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.ui.TenantScope;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** The tenant that a person with these rights looks at. */
record TestScope(Set<Permission> rights) implements TenantScope {

    @Override
    public TenantId tenant() {
        return new TenantId(new UUID(0, 9));
    }

    @Override
    public String name() {
        return "Acme";
    }

    @Override
    public String slug() {
        return "acme";
    }

    @Override
    public boolean visiting() {
        return false;
    }

    @Override
    public <R> R call(Supplier<R> work) {
        return work.get();
    }

    @Override
    public boolean may(Permission permission) {
        return rights.contains(permission);
    }
}
