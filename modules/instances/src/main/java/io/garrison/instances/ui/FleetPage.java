package io.garrison.instances.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.DataProvider;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.FleetView;
import io.garrison.instances.FleetView.Filter;
import io.garrison.instances.FleetView.FleetInstance;
import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.LifecycleState;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every tenant's instances, for the provider. Rows are loaded as they are scrolled to. */
@Route("instances")
@PageTitle("Instances – Garrison")
@Screen(menu = "Instances", icon = VaadinIcon.SERVER, order = 30, permission = Permission.STACK_VIEW, ofTenant = false)
@PermitAll
class FleetPage extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private static final int LARGEST_FETCH = 500;

    private final transient FleetView fleet;
    private final transient InstanceManagement instances;
    private final transient InstanceDoctor doctor;
    private final transient Workspace workspace;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private transient Map<TenantId, TenantSummary> tenants = Map.of();

    private final TextField text = new TextField();
    private final Select<LifecycleState> lifecycle = choice("state", "Any state", LifecycleState.values());
    private final Select<SyncState> sync = choice("sync", "Any sync state", SyncState.values());
    private final Select<InstanceHealth> health = choice("health", "Any health", InstanceHealth.values());
    private final Span count = new Span();
    final Grid<FleetInstance> grid = new Grid<>();
    private final DetailPane pane;

    FleetPage(
            FleetView fleet,
            InstanceManagement instances,
            InstanceDoctor doctor,
            Workspace workspace,
            TenantScopes scopes) {
        this.fleet = fleet;
        this.instances = instances;
        this.doctor = doctor;
        this.workspace = workspace;
        this.scopes = scopes;
        text.setPlaceholder("Name or stack");
        text.setAriaLabel("Filter by name or stack");
        text.setPrefixComponent(VaadinIcon.SEARCH.create());
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> filtered("q", change.getValue(), change.isFromClient()));
        count.addClassName("count");
        var bar = new Div(text, lifecycle, sync, health, count);
        bar.addClassName("filters");
        InstanceColumns.addTo(grid, FleetInstance::instance, false);
        var tenant = grid.addColumn(row -> tenantName(row.tenantId()))
                .setHeader("Tenant")
                .setFlexGrow(1)
                .setAutoWidth(true);
        var order = new ArrayList<>(grid.getColumns());
        order.remove(tenant);
        order.add(order.indexOf(grid.getColumnByKey("stack")), tenant);
        grid.setColumnOrder(order);
        grid.addClassName("clickable");
        grid.setDataProvider(DataProvider.<FleetInstance>fromCallbacks(
                query -> fleet.find(filter(), query.getOffset(), Math.min(query.getLimit(), LARGEST_FETCH)).stream(),
                query -> counted()));
        grid.getDataCommunicator()
                .getKeyMapper()
                .setIdentifierGetter(row -> row.instance().id());
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
        var list = new Div(bar, grid);
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        getContent().addClassNames("page", "fill");
        Live.keep(this, () -> grid.getDataProvider().refreshAll());
    }

    private <E extends Enum<E>> Select<E> choice(String name, String any, E[] values) {
        var select = new Select<E>();
        select.setAriaLabel(any);
        select.setItems(values);
        select.setEmptySelectionAllowed(true);
        select.setEmptySelectionCaption(any);
        select.setPlaceholder(any);
        select.setItemLabelGenerator(one -> one == null ? any : StateBadge.words(one));
        select.addValueChangeListener(change -> filtered(
                name, change.getValue() == null ? "" : change.getValue().name(), change.isFromClient()));
        return select;
    }

    private void filtered(String name, String value, boolean byReader) {
        if (byReader) {
            state.put(name, value);
            grid.getDataProvider().refreshAll();
        }
    }

    private Filter filter() {
        var words = text.getValue().strip();
        return new Filter(
                null, lifecycle.getValue(), sync.getValue(), health.getValue(), words.isEmpty() ? null : words);
    }

    private int counted() {
        var found = fleet.count(filter());
        count.setText(Units.count(found, "instance", "instances"));
        return found;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        text.setValue(state.get("q").orElse(""));
        lifecycle.setValue(state.get("state", LifecycleState.class).orElse(null));
        sync.setValue(state.get("sync", SyncState.class).orElse(null));
        health.setValue(state.get("health", InstanceHealth.class).orElse(null));
        Map<TenantId, TenantSummary> known = new HashMap<>();
        workspace.available().forEach(tenant -> known.put(tenant.id(), tenant));
        tenants = known;
        getContent().removeAll();
        getContent().add(new PageHeader("Instances"), pane);
    }

    private String tenantName(TenantId id) {
        var tenant = tenants.get(id);
        return tenant == null ? id.toString() : tenant.name();
    }

    private void open(@Nullable FleetInstance row) {
        if (row == null) {
            if (pane.isShown()) {
                pane.hide();
            }
            return;
        }
        var tenant = tenants.get(row.tenantId());
        if (tenant == null) {
            return; // made since the page was opened; a reload shows it
        }
        var scope = scopes.of(tenant.slug());
        pane.show(
                row.instance().name(),
                new Anchor(scope.path("instances"), tenant.name()),
                new InstanceDetail(instances, doctor, scope, row.instance(), after -> {
                    grid.getDataProvider().refreshAll();
                    grid.recalculateColumnWidths();
                }));
    }
}
