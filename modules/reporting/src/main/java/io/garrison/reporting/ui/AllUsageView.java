package io.garrison.reporting.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageReports;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.RangeBar;
import io.garrison.tenancy.ui.Screen;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What every tenant used, for the provider. */
@Route("usage")
@PageTitle("Usage – Garrison")
@Screen(menu = "Usage", icon = VaadinIcon.BAR_CHART, order = 50, permission = Permission.USAGE_VIEW, ofTenant = false)
@PermitAll
class AllUsageView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient UsageReports usage;
    private final transient Workspace workspace;
    private final transient ListState state = new ListState();
    private final RangeBar ranges;
    private final Div body = new Div();

    AllUsageView(UsageReports usage, Workspace workspace, Clock clock) {
        this.usage = usage;
        this.workspace = workspace;
        this.ranges = new RangeBar(clock, state, this::load);
        getContent().addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        ranges.read(RangeBar.Last.DAY);
        var slugs = tenants(TenantSummary::slug);
        Function<TenantId, String> slug = id -> slugs.getOrDefault(id, "");
        getContent().removeAll();
        getContent()
                .add(
                        new PageHeader("Usage")
                                .actions(
                                        ranges,
                                        UsageExport.csv("usage", this::pages, slug),
                                        UsageExport.jsonLines("usage", this::pages, slug)),
                        body);
        load();
    }

    private UsagePages pages() {
        var range = ranges.range();
        var query = new UsageQuery(range.from(), range.to());
        return cursor -> usage.wholeStreamsOfAllTenants(query, cursor);
    }

    private void load() {
        var names = tenants(TenantSummary::name);
        body.removeAll();
        body.add(new UsagePanel(
                "Tenant",
                pages(),
                record -> names.getOrDefault(record.tenantId(), "deleted " + record.tenantId()),
                ranges.now()));
    }

    private Map<TenantId, String> tenants(Function<TenantSummary, String> word) {
        Map<TenantId, String> words = new HashMap<>();
        workspace.available().forEach(tenant -> words.put(tenant.id(), word.apply(tenant)));
        return words;
    }
}
