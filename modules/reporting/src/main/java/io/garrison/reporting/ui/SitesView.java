package io.garrison.reporting.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.SiteDirectory;
import io.garrison.instances.SiteState;
import io.garrison.instances.SiteSummary;
import io.garrison.reporting.UsageFiles;
import io.garrison.reporting.UsageReports;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The installations of customers' own that report here, and the door for usage that is carried by hand. */
@Route("sites")
@PageTitle("Sites – Garrison")
@Screen(menu = "Sites", icon = VaadinIcon.CLUSTER, order = 45, permission = Permission.LICENSE_VIEW, ofTenant = false)
@PermitAll
class SitesView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 500;

    private final transient SiteDirectory sites;
    private final transient Workspace workspace;
    private final transient TenantScopes scopes;
    private final transient Taking taking;
    private final transient ListState state = new ListState();
    private final Select<SiteState> states = new Select<>();
    private final Span count = new Span();
    private final Grid<SiteSummary> grid = new Grid<>();
    private final Div empty = new Div();
    private final DetailPane pane;
    private transient Map<TenantId, TenantSummary> tenants = Map.of();

    /** What sites have used, and how more of it comes in. */
    @Component
    record Taking(UsageFiles files, UsageReports usage, Clock clock) {}

    SitesView(SiteDirectory sites, Workspace workspace, TenantScopes scopes, Taking taking) {
        this.sites = sites;
        this.workspace = workspace;
        this.scopes = scopes;
        this.taking = taking;
        columns();
        var list = new Div(filters(), grid, empty);
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        empty.add(new EmptyState(
                VaadinIcon.CLUSTER,
                "No site yet",
                "An installation that a customer runs on a sub-licence of yours becomes a site when it reports, or when its"
                        + " first usage file is loaded."));
        getContent().addClassNames("page", "fill");
        Live.keep(this, this::load);
    }

    private void columns() {
        grid.addColumn(site -> tenantName(site.tenantId())).setHeader("Tenant").setFlexGrow(2);
        grid.addColumn(site -> StateBadge.words(io.garrison.tenancy.DeploymentMode.valueOf(site.mode())))
                .setHeader("Mode")
                .setAutoWidth(true);
        grid.addComponentColumn(site -> SiteDetail.badge(site.state()))
                .setHeader("State")
                .setAutoWidth(true);
        grid.addColumn(SiteDetail::instances).setHeader("Instances").setAutoWidth(true);
        grid.addColumn(SiteSummary::version).setHeader("Version").setAutoWidth(true);
        grid.addColumn(Ago.<SiteSummary>column(SiteSummary::lastSeen, false))
                .setHeader("Last heard")
                .setAutoWidth(true);
        grid.addColumn(Ago.<SiteSummary>column(SiteSummary::lastUsage, false))
                .setHeader("Last usage")
                .setAutoWidth(true);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
    }

    private Div filters() {
        states.setAriaLabel("State");
        states.setEmptySelectionAllowed(true);
        states.setEmptySelectionCaption("Any state");
        states.setPlaceholder("Any state");
        states.setItems(SiteState.values());
        states.setItemLabelGenerator(one -> one == null ? "Any state" : StateBadge.words(one));
        states.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                state.put(
                        "state",
                        change.getValue() == null ? "" : change.getValue().name());
                load();
            }
        });
        count.addClassName("count");
        var bar = new Div(states, count);
        bar.addClassName("filters");
        return bar;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        states.setValue(state.get("state", SiteState.class).orElse(null));
        Map<TenantId, TenantSummary> known = new HashMap<>();
        workspace.available().forEach(tenant -> known.put(tenant.id(), tenant));
        tenants = known;
        getContent().removeAll();
        var header = new PageHeader("Sites");
        if (scopes.mayInProvider(Permission.USAGE_FLUSH)) {
            header.actions(new Button(
                    "Load usage file",
                    VaadinIcon.UPLOAD.create(),
                    click -> UsageFileDialog.open(taking.files(), this::load)));
        }
        getContent().add(header, pane);
        load();
    }

    private void load() {
        var found = sites.all(null, states.getValue(), null, MOST);
        var shown = grid.asSingleSelect().getValue();
        grid.setItems(found);
        count.setText(Units.count(found.size(), "site", "sites"));
        grid.setVisible(!found.isEmpty());
        empty.setVisible(found.isEmpty());
        if (shown != null) {
            find(found, shown).ifPresent(grid::select);
        }
    }

    private static java.util.Optional<SiteSummary> find(List<SiteSummary> found, SiteSummary shown) {
        return found.stream().filter(site -> site.id().equals(shown.id())).findFirst();
    }

    private String tenantName(TenantId id) {
        var tenant = tenants.get(id);
        return tenant == null ? id.toString() : tenant.name();
    }

    private void open(@Nullable SiteSummary site) {
        if (site == null) {
            if (pane.isShown()) {
                pane.hide();
            }
            return;
        }
        var tenant = tenants.get(site.tenantId());
        if (tenant != null) { // one that was made since the page was opened is shown by a reload
            var scope = scopes.of(tenant.slug());
            pane.show(
                    tenant.name(),
                    new SiteDetail(
                            sites, taking, scope, tenant, site, scopes.mayInProvider(Permission.LICENSE_MANAGE)));
        }
    }
}
