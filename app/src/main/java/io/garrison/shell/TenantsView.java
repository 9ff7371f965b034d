package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.FleetView;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.NameFilter;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The provider's tenants, with how their instances do. */
@Route("tenants")
@PageTitle("Tenants – Garrison")
@Screen(
        menu = "Tenants",
        icon = VaadinIcon.BUILDING_O,
        order = 20,
        permission = Permission.TENANT_VIEW,
        ofTenant = false)
@PermitAll
class TenantsView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 500;

    private final transient Workspace workspace;
    private final transient FleetView fleet;
    private final transient TenantManagement management;
    private final transient ResellerManagement resellers;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private final NameFilter filter = new NameFilter(state, "Name or short name", this::show);
    private final Select<TenantState> states = new Select<>();
    private final Grid<TenantSummary> grid = new Grid<>();
    private final DetailPane pane;
    private transient List<TenantSummary> all = List.of();
    private transient Map<TenantId, Connected> connected = Map.of();

    private record Connected(int connected, int total) {
        Connected plus(int more, int of) {
            return new Connected(connected + more, total + of);
        }
    }

    TenantsView(
            Workspace workspace,
            FleetView fleet,
            TenantManagement management,
            ResellerManagement resellers,
            TenantScopes scopes) {
        this.workspace = workspace;
        this.fleet = fleet;
        this.management = management;
        this.resellers = resellers;
        this.scopes = scopes;
        columns();
        var list = new Div(filters(), grid);
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        getContent().addClassNames("page", "fill");
    }

    private void columns() {
        grid.addColumn(TenantSummary::name)
                .setHeader("Tenant")
                .setWidth("170px")
                .setFlexGrow(2)
                .setSortable(true);
        grid.addColumn(TenantSummary::slug)
                .setHeader("Short name")
                .setAutoWidth(true)
                .setSortable(true);
        grid.addComponentColumn(tenant -> TenantStates.badge(tenant.state()))
                .setHeader("State")
                .setAutoWidth(true)
                .setComparator(TenantSummary::state)
                .setSortable(true);
        grid.addComponentColumn(this::instances).setHeader("Instances").setAutoWidth(true);
        grid.addColumn(tenant -> StateBadge.words(tenant.mode()))
                .setHeader("Mode")
                .setAutoWidth(true)
                .setSortable(true);
        grid.addColumn(Ago.<TenantSummary>column(TenantSummary::createdAt, false))
                .setHeader("Created")
                .setComparator(TenantSummary::createdAt)
                .setSortable(true)
                .setAutoWidth(true);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
        grid.addItemDoubleClickListener(click ->
                getUI().ifPresent(ui -> ui.navigate("t/" + click.getItem().slug())));
    }

    private NameFilter filters() {
        states.setAriaLabel("State");
        states.setItems(TenantState.values());
        states.setEmptySelectionAllowed(true);
        states.setEmptySelectionCaption("Any state");
        states.setPlaceholder("Any state");
        states.setItemLabelGenerator(one -> one == null ? "Any state" : StateBadge.words(one));
        states.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                state.put(
                        "state",
                        change.getValue() == null ? "" : change.getValue().name());
                show();
            }
        });
        return filter.with(states);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        filter.read();
        states.setValue(state.get("state", TenantState.class).orElse(null));
        load();
        var header = new PageHeader("Tenants");
        var create = new Button(
                "Create tenant",
                VaadinIcon.PLUS.create(),
                click -> getUI().ifPresent(ui -> ui.navigate("tenants/new")));
        create.addThemeVariants(ButtonVariant.PRIMARY);
        create.setVisible(scopes.mayInProvider(Permission.TENANT_MANAGE));
        getContent().removeAll();
        getContent().add(header);
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.BUILDING_O,
                            "No tenant yet",
                            "A tenant is a customer: its own people, instances, traffic and bills.",
                            create));
            return;
        }
        header.actions(create);
        getContent().add(pane);
    }

    private void load() {
        all = workspace.available();
        Map<TenantId, Connected> counted = new HashMap<>();
        if (scopes.mayInProvider(Permission.STACK_VIEW)) {
            for (var offset = 0; ; offset += PAGE) {
                var page = fleet.stacks(offset, PAGE);
                page.forEach(row -> counted.merge(
                        row.tenantId(),
                        new Connected(row.stack().connected(), row.stack().instances()),
                        (one, more) -> one.plus(more.connected(), more.total())));
                if (page.size() < PAGE) {
                    break;
                }
            }
        }
        connected = counted;
        show();
    }

    private void show() {
        var shown = all.stream()
                .filter(tenant -> filter.takes(tenant.name(), tenant.slug()))
                .filter(tenant -> states.isEmpty() || tenant.state() == states.getValue())
                .toList();
        grid.setItems(shown);
        filter.count(shown.size(), all.size(), "tenant", "tenants");
    }

    private StateBadge instances(TenantSummary tenant) {
        var of = connected.get(tenant.id());
        if (of == null || of.total() == 0) {
            return new StateBadge(Signal.UNKNOWN, "None");
        }
        return new StateBadge(
                of.connected() == of.total() ? Signal.GOOD : Signal.WARNING,
                of.connected() + " of " + of.total() + " connected");
    }

    private void open(@Nullable TenantSummary tenant) {
        if (tenant == null) {
            if (pane.isShown()) {
                pane.hide();
            }
            return;
        }
        pane.show(tenant.name(), new TenantDetail(management, resellers, scopes, tenant, this::load));
    }
}
