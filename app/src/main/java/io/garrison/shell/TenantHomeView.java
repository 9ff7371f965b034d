package io.garrison.shell;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.StackManagement;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.reporting.TrafficStatistics.ChartQuery;
import io.garrison.reporting.TrafficStatistics.GroupBy;
import io.garrison.reporting.TrafficStatistics.Metric;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Tile;
import io.garrison.tenancy.ui.TimeChart;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A tenant's first page. */
@Route("t/:tenant")
@Screen(menu = "Overview", icon = VaadinIcon.DASHBOARD, order = 10, permission = Permission.STACK_VIEW, ofTenant = true)
@PermitAll
class TenantHomeView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 500;

    private final transient Sources sources;
    private final transient OverviewTools tools;
    private transient TenantScope scope = TenantScope.NOWHERE;
    private Tile instances = new Tile("Instances connected", "");
    private Tile sync = new Tile("Instances in sync", "");
    private Tile services = new Tile("Virtual services", "");
    private Tile traffic = new Tile("Traffic, last hour", "");
    private final TimeChart throughput =
            new TimeChart(TimeChart.Unit.BITS_PER_SECOND, "No traffic was measured in the last hour");
    private final TimeChart requests =
            new TimeChart(TimeChart.Unit.REQUESTS_PER_SECOND, "No request was measured in the last hour");
    private final Div stacks = new Div();
    private NoticeList notices = new NoticeList(limit -> List.of(), id -> {}, false);

    TenantHomeView(
            StackManagement stacks,
            InstanceManagement instances,
            SubLicenseAdministration licenses,
            TrafficStatistics statistics,
            OverviewTools tools) {
        this.sources = new Sources(stacks, instances, licenses, statistics);
        this.tools = tools;
        this.stacks.addClassName("stacked");
        getContent().addClassName("page");
        Live.keep(this, this::load);
    }

    private record Sources(
            StackManagement stacks,
            InstanceManagement instances,
            SubLicenseAdministration licenses,
            TrafficStatistics statistics) {}

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = tools.scopes().of(event);
        instances = new Tile("Instances connected", scope.path("instances"));
        sync = new Tile("Instances in sync", scope.path("instances?sync=IN_SYNC"));
        services = new Tile("Virtual services running", scope.path("stacks"));
        traffic = new Tile("Traffic, last hour", scope.path("traffic"));
        notices = new NoticeList(
                limit -> tools.notices().ofTenant(null, limit), this::acknowledge, scope.may(Permission.STACK_MANAGE));
        var tiles = new Div(instances, sync, services);
        tiles.addClassName("tiles");
        var main = new Div();
        main.addClassName("stacked");
        if (scope.may(Permission.TELEMETRY_VIEW)) {
            tiles.add(traffic);
            main.add(
                    new Section("Throughput", throughput).aside(new Anchor(scope.path("traffic"), "All charts")),
                    new Section("Requests", requests).aside(new Anchor(scope.path("logs"), "Logs")));
        }
        var columns =
                new Div(main, new Section("Stacks", stacks).aside(new Anchor(scope.path("stacks"), "All stacks")));
        columns.addClassName("columns");
        getContent().removeAll();
        getContent().add(new PageHeader(scope.name()), notices, tiles, columns);
        load();
    }

    private void load() {
        scope.run(this::show);
    }

    private void acknowledge(UUID notice) {
        scope.run(() -> {
            tools.notices().acknowledge(notice);
            notices.load();
        });
    }

    private void show() {
        var all = sources.instances().list(null, null, SHOWN);
        var counted = count(all);
        counted.showInstances(instances);
        counted.showSync(sync);
        showServices(all);
        stacks.removeAll();
        var list = sources.stacks().list(null, SHOWN);
        list.forEach(stack -> stacks.add(new StackLine(scope, stack)));
        if (list.isEmpty()) {
            var none = new Span("No stack yet.");
            none.addClassName("quiet");
            stacks.add(none);
        }
        if (scope.may(Permission.LICENSE_VIEW)) {
            notices.load();
        }
        if (scope.may(Permission.TELEMETRY_VIEW)) {
            showTraffic();
        }
    }

    private static Fleet count(List<InstanceSummary> all) {
        Map<io.garrison.instances.LifecycleState, Integer> lifecycle = new HashMap<>();
        Map<io.garrison.protocol.SyncState, Integer> syncs = new HashMap<>();
        for (var one : all) {
            lifecycle.merge(one.lifecycleState(), 1, Integer::sum);
            if (one.lifecycleState().isConnected()) {
                syncs.merge(one.syncState(), 1, Integer::sum);
            }
        }
        return new Fleet(lifecycle, syncs);
    }

    private void showServices(List<InstanceSummary> all) {
        var up = all.stream()
                .flatMap(one -> one.virtualServices().stream())
                .filter(one -> one.state().equals("UP"))
                .count();
        var total = all.stream().mapToLong(one -> one.virtualServices().size()).sum();
        services.show(Units.count(up) + " of " + Units.count(total), new Span("up, counted on each instance"));
    }

    private void showTraffic() {
        var to = tools.clock().instant();
        var from = to.minus(OverviewView.WINDOW);
        var step = OverviewView.STEP;
        var bits = sources.statistics().chart(new ChartQuery(from, to, step, Metric.THROUGHPUT_BPS, GroupBy.TOTAL));
        throughput.show(from, to, List.of(Lines.total(bits, "Throughput", "--garrison-c1")));
        var asked = sources.statistics().chart(new ChartQuery(from, to, step, Metric.REQUESTS, GroupBy.TOTAL));
        requests.show(from, to, List.of(Lines.perSecond(asked, "Requests", "--garrison-c2")));
        var bytes = bits.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(point -> point.value() * bits.step().toSeconds() / 8)
                .sum();
        var count = asked.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(TrafficStatistics.Point::value)
                .sum();
        traffic.show(Units.bytes(bytes), new Span(Units.count(Math.round(count), "request", "requests")));
    }

    @Override
    public String getPageTitle() {
        return scope.name() + " – Garrison";
    }
}
