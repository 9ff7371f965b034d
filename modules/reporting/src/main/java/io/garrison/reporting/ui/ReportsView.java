package io.garrison.reporting.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.reporting.ReportCatalog;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.ZoneOffset;

/** The monthly reports of a tenant, as files. */
@Route("t/:tenant/reports")
@Screen(
        menu = "Reports",
        icon = VaadinIcon.FILE_TEXT_O,
        order = 55,
        permission = Permission.TELEMETRY_VIEW,
        ofTenant = true)
@PermitAll
class ReportsView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient ReportCatalog reports;
    private final transient Workspace workspace;
    private final transient TenantScopes scopes;
    private final transient Clock clock;
    private transient TenantScope scope = TenantScope.NOWHERE;

    ReportsView(ReportCatalog reports, Workspace workspace, TenantScopes scopes, Clock clock) {
        this.reports = reports;
        this.workspace = workspace;
        this.scopes = scopes;
        this.clock = clock;
        getContent().addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        var zone = workspace.find(scope.slug()).map(TenantSummary::timeZone).orElse(ZoneOffset.UTC);
        var list = new ReportList(reports, scope, zone, clock);
        var make = new Button("Make report", VaadinIcon.PLUS.create(), click -> list.ask());
        make.addThemeVariants(ButtonVariant.PRIMARY);
        Live.keep(list, list::refresh);
        getContent().removeAll();
        getContent().add(new PageHeader("Reports").actions(make), list);
    }

    @Override
    public String getPageTitle() {
        return "Reports – " + scope.name() + " – Garrison";
    }
}
