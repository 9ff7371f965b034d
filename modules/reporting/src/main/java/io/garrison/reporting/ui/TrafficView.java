package io.garrison.reporting.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.InstanceDirectory;
import io.garrison.reporting.TrafficStatistics;
import io.garrison.reporting.TrafficStatistics.Chart;
import io.garrison.reporting.TrafficStatistics.ChartQuery;
import io.garrison.reporting.TrafficStatistics.GroupBy;
import io.garrison.reporting.TrafficStatistics.Metric;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.RangeBar;
import io.garrison.tenancy.ui.RangeBar.Range;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.TimeChart;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tenant's traffic over time, as the edges measured it. */
@Route("t/:tenant/traffic")
@Screen(
        menu = "Traffic",
        icon = VaadinIcon.LINE_CHART,
        order = 40,
        permission = Permission.TELEMETRY_VIEW,
        ofTenant = true)
@PermitAll
class TrafficView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final String NOTHING = "No traffic was measured in this range";

    private final transient TrafficStatistics statistics;
    private final transient InstanceDirectory directory;
    private final transient TenantScopes scopes;
    private final transient Clock clock;
    private final transient ListState state = new ListState();
    private final RangeBar ranges;
    private final Select<GroupBy> group = new Select<>();
    private final Span completeness = new Span();
    private final TimeChart throughput = chart(TimeChart.Unit.BITS_PER_SECOND);
    private final TimeChart requests = chart(TimeChart.Unit.REQUESTS_PER_SECOND);
    private final TimeChart connections = chart(TimeChart.Unit.COUNT);
    private final TimeChart denied = chart(TimeChart.Unit.REQUESTS_PER_SECOND);
    private final TimeChart latency = chart(TimeChart.Unit.MILLISECONDS);
    private transient TenantScope scope = TenantScope.NOWHERE;

    TrafficView(TrafficStatistics statistics, InstanceDirectory directory, TenantScopes scopes, Clock clock) {
        this.statistics = statistics;
        this.directory = directory;
        this.scopes = scopes;
        this.clock = clock;
        this.ranges = new RangeBar(clock, state, this::load);
        group.setAriaLabel("One line for each");
        group.setWidth("178px");
        group.setItems(GroupBy.values());
        group.setItemLabelGenerator(one -> one == GroupBy.TOTAL
                ? "Everything together"
                : "By " + StateBadge.words(one).toLowerCase(java.util.Locale.ROOT));
        group.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                state.put("by", change.getValue().name());
                load();
            }
        });
        List.of(throughput, requests, connections, denied, latency).forEach(one -> one.onRange(ranges::narrow));
        completeness.addClassName("quiet");
        getContent().addClassName("page");
        Live.keep(this, () -> {
            if (!ranges.isFixed()) {
                load();
            }
        });
    }

    private static TimeChart chart(TimeChart.Unit unit) {
        return new TimeChart(unit, NOTHING);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        state.read(event.getLocation());
        ranges.read(RangeBar.Last.HOUR);
        group.setValue(state.get("by", GroupBy.class).orElse(GroupBy.TOTAL));
        getContent().removeAll();
        var narrow = new Div(new Section("Requests by answer", requests), new Section("Open connections", connections));
        narrow.addClassName("halves");
        var more = new Div(new Section("Refused requests", denied), new Section("Time to answer, average", latency));
        more.addClassName("halves");
        getContent()
                .add(
                        new PageHeader("Traffic").facts(completeness).actions(group, ranges),
                        new Section("Throughput, both directions", throughput),
                        narrow,
                        more);
        load();
    }

    private void load() {
        scope.run(this::show);
    }

    private void show() {
        var range = ranges.range();
        var step = ChartLines.step(range.from(), range.to(), clock.instant());
        var by = group.getValue();
        var names = by == GroupBy.TOTAL ? Map.<String, String>of() : names();
        var bits = ask(range, step, Metric.THROUGHPUT_BPS, by);
        draw(throughput, bits, names, true, false);
        draw(connections, ask(range, step, Metric.CONNECTIONS_NOW, by), names, false, false);
        draw(latency, ask(range, step, Metric.LATENCY_MS, by), names, false, false);
        draw(denied, ask(range, step, Metric.DENIED, by), names, false, true);
        requests.show(
                range.from(),
                range.to(),
                List.of(
                        answers(range, step, Metric.STATUS_2XX, "2xx", "--garrison-c2"),
                        answers(range, step, Metric.STATUS_3XX, "3xx", "--garrison-c1"),
                        answers(range, step, Metric.STATUS_4XX, "4xx", "--garrison-c3"),
                        answers(range, step, Metric.STATUS_5XX, "5xx", "--garrison-c4")));
        completeness.setText("One point every %s. %s"
                .formatted(
                        Units.duration(bits.step()),
                        bits.series().isEmpty()
                                ? ""
                                : Units.percent(bits.completeness())
                                        + " of the time was measured; gaps are left open."));
    }

    private TimeChart.Line answers(Range range, Duration step, Metric metric, String name, String colour) {
        return ChartLines.total(ask(range, step, metric, GroupBy.TOTAL), name, colour, true, true);
    }

    private static void draw(TimeChart into, Chart chart, Map<String, String> names, boolean area, boolean perSecond) {
        into.show(
                chart.from(),
                chart.to(),
                ChartLines.of(
                        chart, key -> key.equals("total") ? "Total" : names.getOrDefault(key, key), area, perSecond));
    }

    private Chart ask(Range range, Duration step, Metric metric, GroupBy by) {
        return statistics.chart(new ChartQuery(range.from(), range.to(), step, metric, by));
    }

    private Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        directory.stacks().forEach(stack -> names.put(stack.stackId().toString(), stack.name()));
        directory.instances().forEach(one -> names.put(one.instanceId().toString(), one.name()));
        return names;
    }

    @Override
    public String getPageTitle() {
        return "Traffic – " + scope.name() + " – Garrison";
    }
}
