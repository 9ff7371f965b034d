package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.FleetView;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.Metric;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Tile;
import io.garrison.tenancy.ui.TimeChart;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The provider's first page: is anything wrong, who is affected, how much flows. */
@Route("overview")
@PageTitle("Overview – Garrison")
@Screen(
        menu = "Overview",
        icon = VaadinIcon.DASHBOARD,
        order = 10,
        permission = Permission.TENANT_VIEW,
        ofTenant = false)
@PermitAll
class OverviewView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    static final Duration WINDOW = Duration.ofHours(1);
    static final Duration STEP = Duration.ofSeconds(30);

    private final transient Sources sources;
    private final transient TenantScopes scopes;
    private final transient Clock clock;

    private final Tile tenants = new Tile("Tenants", "tenants");
    private final Tile instances = new Tile("Instances connected", "instances");
    private final Tile sync = new Tile("Instances in sync", "instances?sync=IN_SYNC");
    private final Tile seats = new Tile("Seats allocated", "licences");
    private final Tile traffic = new Tile("Traffic, last hour", "usage");
    private final TimeChart throughput =
            new TimeChart(TimeChart.Unit.BITS_PER_SECOND, "No traffic was measured in the last hour");
    private final NoticeList notices;
    private final TroubleList trouble;
    private final TopTenants top;

    OverviewView(
            Workspace workspace,
            FleetView fleet,
            LicenseAdministration licenses,
            TrafficStatistics statistics,
            OverviewTools tools) {
        this.sources = new Sources(workspace, fleet, licenses, statistics);
        this.scopes = tools.scopes();
        this.clock = tools.clock();
        this.notices = new NoticeList(
                limit -> tools.notices().all(null, limit),
                id -> acknowledge(tools, id),
                scopes.mayInProvider(Permission.LICENSE_MANAGE));
        this.trouble = new TroubleList(fleet, workspace);
        this.top = new TopTenants(workspace);
        getContent().addClassName("page");
        Live.keep(this, this::load);
    }

    private record Sources(
            Workspace workspace, FleetView fleet, LicenseAdministration licenses, TrafficStatistics statistics) {}

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        getContent().removeAll();
        var tiles = new Div(tenants, instances, sync, seats, traffic);
        tiles.addClassName("tiles");
        instances.setVisible(may(Permission.STACK_VIEW));
        sync.setVisible(may(Permission.STACK_VIEW));
        seats.setVisible(may(Permission.LICENSE_VIEW));
        traffic.setVisible(may(Permission.TELEMETRY_VIEW));
        getContent().add(new PageHeader("Overview"), notices, tiles);
        var main = new Div();
        main.addClassName("stacked");
        var side = new Div();
        side.addClassName("stacked");
        if (may(Permission.STACK_VIEW)) {
            main.add(new Section("What needs a look", trouble).aside(new Anchor("instances", "All instances")));
        }
        if (may(Permission.TELEMETRY_VIEW)) {
            main.addComponentAsFirst(
                    new Section("Throughput of all tenants", throughput).aside(new Span("last hour, both directions")));
            side.add(new Section("Most traffic, last hour", top));
        }
        var columns = new Div(main, side);
        columns.addClassName("columns");
        getContent().add(columns);
        load();
    }

    private void acknowledge(OverviewTools tools, UUID notice) {
        tools.notices().acknowledgeForProvider(notice);
        notices.load();
    }

    private boolean may(Permission permission) {
        return scopes.mayInProvider(permission);
    }

    private void load() {
        var all = sources.workspace().available();
        tenants.show(Units.count(all.size()), TenantStates.summary(all));
        if (may(Permission.STACK_VIEW)) {
            var counted =
                    new Fleet(sources.fleet().lifecycleStates(), sources.fleet().syncStates());
            counted.showInstances(instances);
            counted.showSync(sync);
            trouble.load();
        }
        if (may(Permission.LICENSE_VIEW)) {
            showSeats();
            notices.load();
        }
        if (may(Permission.TELEMETRY_VIEW)) {
            showTraffic();
        }
    }

    private void showSeats() {
        long limit = 0;
        long allocated = 0;
        for (var license : sources.licenses().list(null, 100)) {
            for (var line : sources.licenses().pool(license.id()).lines()) {
                if (line instanceof LicensePool.Count count && count.metric() == Metric.INSTANCES) {
                    limit += count.capacity();
                    allocated += count.allocated();
                }
            }
        }
        seats.show(
                Units.count(allocated) + " of " + Units.count(limit),
                limit == 0
                        ? new StateBadge(Signal.WARNING, "No licence is loaded")
                        : new Span(Units.count(limit - allocated) + " free in the licence pool"));
    }

    private void showTraffic() {
        var to = clock.instant();
        var from = to.minus(WINDOW);
        var chart = sources.statistics().providerChart(from, to, STEP, TrafficStatistics.Metric.THROUGHPUT_BPS);
        throughput.show(from, to, List.of(Lines.total(chart, "Throughput", "--garrison-c1")));
        var rows = sources.statistics().byTenant(from, to);
        var bytes =
                rows.stream().mapToLong(row -> row.bytesIn() + row.bytesOut()).sum();
        var requests = rows.stream()
                .mapToLong(TrafficStatistics.TenantTraffic::requests)
                .sum();
        traffic.show(Units.bytes(bytes), new Span(Units.count(requests, "request", "requests")));
        top.show(rows);
    }
}
