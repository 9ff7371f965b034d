package io.garrison.reporting.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.InstanceDirectory;
import io.garrison.reporting.LogSearch;
import io.garrison.reporting.LogSearch.LogLine;
import io.garrison.reporting.LogSearch.LogQuery;
import io.garrison.reporting.ReportingException;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.RangeBar;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tenant's access events, searched and followed. */
@Route("t/:tenant/logs")
@Screen(menu = "Logs", icon = VaadinIcon.LIST_UL, order = 50, permission = Permission.TELEMETRY_VIEW, ofTenant = true)
@PermitAll
class LogsView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 200;
    private static final int MOST = 5_000;

    private final transient LogSearch logs;
    private final transient InstanceDirectory directory;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private final TextField query = new TextField();
    private final RangeBar ranges;
    private final Checkbox follow = new Checkbox("Follow");
    private final Span count = new Span();
    private final Button older = new Button("Load older", click -> loadOlder());
    private final Grid<LogLine> grid = new Grid<>();
    private final Div trouble = new Div();
    private final DetailPane pane;
    private final transient List<LogLine> lines = new ArrayList<>();
    private @Nullable String next;
    private transient @Nullable LogQuery asked;
    private transient TenantScope scope = TenantScope.NOWHERE;

    LogsView(LogSearch logs, InstanceDirectory directory, TenantScopes scopes, Clock clock) {
        this.logs = logs;
        this.directory = directory;
        this.scopes = scopes;
        this.ranges = new RangeBar(clock, state, this::search);
        LogColumns.addTo(grid);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
        older.addThemeVariants(ButtonVariant.TERTIARY);
        var bar = bar();
        var list = new Div(bar, trouble, grid, new Div(older));
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        getContent().addClassNames("page", "fill");
        Live.keep(this, () -> {
            if (follow.getValue() && !pane.isShown()) {
                search();
            }
        });
    }

    private Div bar() {
        query.setPlaceholder("status:>=500 path:/api*");
        query.setAriaLabel("Query");
        query.setTooltipText("All terms must hold. field:value, path:/api*, status:400..499, client:192.0.2.0/24,"
                + " verdict:RATE_LIMITED, or a plain word");
        query.setPrefixComponent(VaadinIcon.SEARCH.create());
        query.setClearButtonVisible(true);
        query.getStyle().set("flex", "1").set("min-width", "220px");
        query.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                state.put("q", change.getValue().strip());
                search();
            }
        });
        var go = new Button("Search", click -> search());
        go.addClickShortcut(Key.ENTER).listenOn(query);
        count.addClassName("count");
        var bar = new Div(query, go, ranges, follow, count);
        bar.addClassName("filters");
        return bar;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        state.read(event.getLocation());
        query.setValue(state.get("q").orElse(""));
        ranges.read(RangeBar.Last.HOUR);
        getContent().removeAll();
        getContent().add(new PageHeader("Logs"), pane);
        search();
    }

    private void search() {
        var range = ranges.range();
        query.setInvalid(false);
        trouble.removeAll();
        asked = new LogQuery(query.getValue().strip(), range.from(), range.to(), PAGE, null);
        lines.clear();
        load(asked);
    }

    private void loadOlder() {
        if (asked != null && next != null) {
            load(new LogQuery(asked.query(), asked.from(), asked.to(), PAGE, next));
        }
    }

    private void load(LogQuery wanted) {
        try {
            var page = scope.call(() -> logs.search(wanted));
            lines.addAll(page.items());
            next = page.next();
        } catch (ReportingException.BadLogQuery refused) {
            query.setErrorMessage(refused.getMessage());
            query.setInvalid(true);
            next = null;
        } catch (LogSearch.SearchUnavailable e) {
            next = null;
            var hint =
                    new Div(new Span("The search does not answer now. Nothing is lost; what arrives meanwhile is found"
                            + " when it is back."));
            hint.addClassNames("hint", "warning");
            trouble.add(hint);
        }
        grid.setItems(List.copyOf(lines));
        older.setVisible(next != null && lines.size() < MOST);
        grid.setVisible(!lines.isEmpty());
        count.setText(Units.count(lines.size(), "line", "lines") + (next == null ? "" : ", there are more"));
        if (lines.isEmpty() && trouble.getChildren().findAny().isEmpty()) {
            trouble.add(new EmptyState(
                    VaadinIcon.LIST_UL,
                    "No line",
                    "No access event of this range meets the query. Events appear some seconds after the request."));
        }
    }

    private void open(@Nullable LogLine line) {
        if (line == null) {
            if (pane.isShown()) {
                pane.hide();
            }
            return;
        }
        var instance = scope.call(() -> directory.instances().stream()
                .filter(one -> one.instanceId().value().equals(line.instanceId()))
                .findFirst()
                .map(one -> one.name() + ", stack " + one.stackName())
                .orElse(line.instanceId().toString()));
        pane.show(line.event().virtualService(), LogColumns.facts(line.event(), instance));
    }

    @Override
    public String getPageTitle() {
        return "Logs – " + scope.name() + " – Garrison";
    }
}
