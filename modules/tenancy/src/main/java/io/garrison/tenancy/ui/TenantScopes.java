package io.garrison.tenancy.ui;

import com.vaadin.flow.router.BeforeEnterEvent;
import io.garrison.tenancy.Permission;

/** Finds the tenant that an address is about. */
public interface TenantScopes {

    /** Name of the route parameter. */
    String PARAMETER = "tenant";

    /** @throws io.garrison.tenancy.TenancyException.NotFound if there is none such for the reader */
    TenantScope of(String slug);

    default TenantScope of(BeforeEnterEvent event) {
        return of(event.getRouteParameters().get(PARAMETER).orElse(""));
    }

    /** Whether the reader may do this in the provider's own house. */
    boolean mayInProvider(Permission permission);
}
