package io.garrison.instances.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.ListDataProvider;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.InstanceSummary;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A tenant's instances, kept current. */
@Route("t/:tenant/instances")
@Screen(menu = "Instances", icon = VaadinIcon.SERVER, order = 30, permission = Permission.STACK_VIEW, ofTenant = true)
@PermitAll
class InstancesView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 500;
    private static final int MOST = 5_000;

    private final transient InstanceManagement instances;
    private final transient InstanceDoctor doctor;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private transient TenantScope scope = TenantScope.NOWHERE;

    final Grid<InstanceSummary> grid = new Grid<>();
    private final List<InstanceSummary> rows = new ArrayList<>();
    private final ListDataProvider<InstanceSummary> data = new ListDataProvider<>(rows) {
        private static final long serialVersionUID = 1L;

        @Override
        public Object getId(InstanceSummary row) {
            return row.id(); // the row stays selected while its state changes
        }
    };
    private final TextField text = new TextField();
    private final Select<SyncState> sync = new Select<>();
    private final Span count = new Span();
    private final DetailPane pane;
    private final Div empty = new Div();
    private @Nullable InstanceDetail detail;

    InstancesView(InstanceManagement instances, InstanceDoctor doctor, TenantScopes scopes) {
        this.instances = instances;
        this.doctor = doctor;
        this.scopes = scopes;
        var filters = filters();
        InstanceColumns.addTo(grid, row -> row, true);
        grid.setDataProvider(data);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
        var list = new Div(filters, grid, empty);
        list.addClassName("list");
        pane = new DetailPane(list, () -> grid.deselectAll());
        getContent().addClassNames("page", "fill");
        data.setFilter(this::isWanted);
        data.addDataProviderListener(change -> counted());
        Live.keep(this, this::load);
    }

    private Div filters() {
        text.setPlaceholder("Name or stack");
        text.setAriaLabel("Filter by name or stack");
        text.setPrefixComponent(VaadinIcon.SEARCH.create());
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> {
            state.put("q", change.getValue());
            data.refreshAll();
        });
        sync.setAriaLabel("Sync state");
        sync.setEmptySelectionAllowed(true);
        sync.setEmptySelectionCaption("Any sync state");
        sync.setItems(SyncState.values());
        sync.setItemLabelGenerator(one -> one == null ? "Any sync state" : StateBadge.words(one));
        sync.addValueChangeListener(change -> {
            state.put("sync", change.getValue() == null ? "" : change.getValue().name());
            data.refreshAll();
        });
        count.addClassName("count");
        var bar = new Div(text, sync, count);
        bar.addClassName("filters");
        return bar;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        state.read(event.getLocation());
        text.setValue(state.get("q").orElse(""));
        sync.setValue(state.get("sync", SyncState.class).orElse(null));
        getContent().removeAll();
        var header = new PageHeader("Instances");
        if (scope.may(Permission.STACK_MANAGE)) {
            header.actions(new Button(
                    "Add instance",
                    VaadinIcon.PLUS.create(),
                    click -> click.getSource().getUI().orElseThrow().navigate(scope.path("stacks"))));
        }
        getContent().add(header, pane);
        load();
    }

    private void load() {
        var loaded = scope.call(this::all);
        rows.clear();
        rows.addAll(loaded);
        data.refreshAll();
        var none = rows.isEmpty();
        grid.setVisible(!none);
        empty.setVisible(none);
        if (none && empty.getChildren().findAny().isEmpty()) {
            empty.add(new EmptyState(
                    VaadinIcon.SERVER,
                    "No instance yet",
                    "A machine becomes an instance when it joins a stack with an enrolment token.",
                    new Anchor(scope.path("stacks"), "Go to stacks")));
        }
        var shown = grid.asSingleSelect().getValue();
        if (shown != null && detail != null) {
            rows.stream().filter(row -> row.id().equals(shown.id())).findFirst().ifPresent(detail::show);
        }
    }

    private List<InstanceSummary> all() {
        List<InstanceSummary> found = new ArrayList<>();
        while (found.size() < MOST) {
            var page = instances.list(
                    null, found.isEmpty() ? null : found.getLast().id(), PAGE);
            found.addAll(page);
            if (page.size() < PAGE) {
                break;
            }
        }
        return found;
    }

    private boolean isWanted(InstanceSummary row) {
        var wanted = text.getValue().strip().toLowerCase(Locale.ROOT);
        return (wanted.isEmpty()
                        || row.name().toLowerCase(Locale.ROOT).contains(wanted)
                        || row.stackName().toLowerCase(Locale.ROOT).contains(wanted))
                && (sync.getValue() == null || row.syncState() == sync.getValue());
    }

    private void counted() {
        var shown = rows.stream().filter(this::isWanted).count();
        count.setText(
                shown == rows.size()
                        ? Units.count(shown, "instance", "instances")
                        : Units.count(shown) + " of " + Units.count(rows.size(), "instance", "instances"));
    }

    private void open(@Nullable InstanceSummary chosen) {
        if (chosen == null) {
            detail = null;
            if (pane.isShown()) {
                pane.hide();
            }
            return;
        }
        detail = new InstanceDetail(instances, doctor, scope, chosen, after -> {
            load();
            grid.recalculateColumnWidths();
        });
        pane.show(chosen.name(), detail);
    }

    @Override
    public String getPageTitle() {
        return "Instances – " + scope.name() + " – Garrison";
    }
}
