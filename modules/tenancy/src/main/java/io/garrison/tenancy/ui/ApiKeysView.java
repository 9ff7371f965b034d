package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.tenancy.ApiKeyManagement;
import io.garrison.tenancy.Permission;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.function.Supplier;

/** Credentials of a tenant's programs. */
@Route("t/:tenant/api-keys")
@Screen(menu = "API keys", icon = VaadinIcon.KEY_O, order = 82, permission = Permission.API_KEY_MANAGE, ofTenant = true)
@PermitAll
class ApiKeysView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient ApiKeyManagement keys;
    private final transient TenantScopes scopes;
    private final transient Clock clock;
    private transient TenantScope scope = TenantScope.NOWHERE;

    ApiKeysView(ApiKeyManagement keys, TenantScopes scopes, Clock clock) {
        this.keys = keys;
        this.scopes = scopes;
        this.clock = clock;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        var list = new ApiKeyList(keys, new Inside(scope), false, clock);
        var make = new Button("Make API key", VaadinIcon.PLUS.create(), click -> list.make());
        make.addThemeVariants(ButtonVariant.PRIMARY);
        getContent().removeAll();
        getContent().add(new PageHeader("API keys").actions(make), list);
    }

    private record Inside(TenantScope scope) implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return scope.call(work);
        }
    }

    @Override
    public String getPageTitle() {
        return "API keys – " + scope.name() + " – Garrison";
    }
}
