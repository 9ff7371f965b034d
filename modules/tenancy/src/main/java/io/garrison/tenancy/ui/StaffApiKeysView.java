package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.tenancy.ApiKeyManagement;
import io.garrison.tenancy.Permission;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.function.Supplier;

/** Credentials of the provider's own programs. */
@Route("api-keys")
@PageTitle("API keys – Garrison")
@Screen(
        menu = "API keys",
        icon = VaadinIcon.KEY_O,
        order = 72,
        permission = Permission.API_KEY_MANAGE,
        ofTenant = false)
@PermitAll
class StaffApiKeysView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient ApiKeyManagement keys;
    private final transient Clock clock;

    StaffApiKeysView(ApiKeyManagement keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var list = new ApiKeyList(keys, new Home(), true, clock);
        var make = new Button("Make API key", VaadinIcon.PLUS.create(), click -> list.make());
        make.addThemeVariants(ButtonVariant.PRIMARY);
        getContent().removeAll();
        getContent().add(new PageHeader("API keys").actions(make), list);
    }

    private static final class Home implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }
    }
}
