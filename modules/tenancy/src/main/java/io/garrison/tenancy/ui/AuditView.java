package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.tenancy.AuditLog;
import io.garrison.tenancy.Permission;
import jakarta.annotation.security.PermitAll;
import java.util.function.Supplier;

/** The provider's own audit trail. */
@Route("audit")
@PageTitle("Audit – Garrison")
@Screen(
        menu = "Audit",
        icon = VaadinIcon.CLIPBOARD_TEXT,
        order = 80,
        permission = Permission.AUDIT_VIEW,
        ofTenant = false)
@PermitAll
class AuditView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient AuditLog log;

    AuditView(AuditLog log) {
        this.log = log;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var list = new AuditList(log, new Home(), new ListState().read(event.getLocation()));
        getContent().removeAll();
        getContent()
                .add(
                        new PageHeader("Audit")
                                .actions(new Button(
                                        "Verify the trail",
                                        VaadinIcon.CHECK_CIRCLE_O.create(),
                                        click -> list.verify())),
                        list);
    }

    private static final class Home implements AuditList.House {
        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }
    }
}
