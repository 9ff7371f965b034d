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
import io.garrison.tenancy.MemberManagement;
import io.garrison.tenancy.Permission;
import jakarta.annotation.security.PermitAll;
import java.util.function.Supplier;

/** The provider's staff. */
@Route("people")
@PageTitle("People – Garrison")
@Screen(menu = "People", icon = VaadinIcon.USERS, order = 70, permission = Permission.MEMBER_VIEW, ofTenant = false)
@PermitAll
class StaffView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient MemberManagement members;
    private final transient TenantScopes scopes;

    StaffView(MemberManagement members, TenantScopes scopes) {
        this.members = members;
        this.scopes = scopes;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var manages = scopes.mayInProvider(Permission.MEMBER_MANAGE);
        var list = new MemberList(members, new Home(), true, manages);
        var header = new PageHeader("People");
        if (manages) {
            var invite = new Button("Invite", VaadinIcon.PLUS.create(), click -> list.invite());
            invite.addThemeVariants(ButtonVariant.PRIMARY);
            header.actions(invite);
        }
        getContent().removeAll();
        getContent().add(header, list);
    }

    private static final class Home implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }
    }
}
