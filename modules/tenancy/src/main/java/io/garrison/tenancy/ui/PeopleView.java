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
import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.Permission;
import jakarta.annotation.security.PermitAll;
import java.util.function.Supplier;

/** The members of a tenant. */
@Route("t/:tenant/people")
@Screen(menu = "People", icon = VaadinIcon.USERS, order = 80, permission = Permission.MEMBER_VIEW, ofTenant = true)
@PermitAll
class PeopleView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient MemberManagement members;
    private final transient TenantScopes scopes;
    private transient TenantScope scope = TenantScope.NOWHERE;

    PeopleView(MemberManagement members, TenantScopes scopes) {
        this.members = members;
        this.scopes = scopes;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        var manages = scope.may(Permission.MEMBER_MANAGE);
        var list = new MemberList(members, new Inside(scope), false, manages);
        var header = new PageHeader("People");
        if (manages) {
            var invite = new Button("Invite", VaadinIcon.PLUS.create(), click -> list.invite());
            invite.addThemeVariants(ButtonVariant.PRIMARY);
            header.actions(invite);
        }
        getContent().removeAll();
        getContent().add(header, list);
    }

    private record Inside(TenantScope scope) implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return scope.call(work);
        }
    }

    @Override
    public String getPageTitle() {
        return "People – " + scope.name() + " – Garrison";
    }
}
