package io.garrison.reporting.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageRecord.Metric;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Usage of a stretch of time: the sum, and a line for each of something. */
final class UsagePanel extends Div {
    private static final long serialVersionUID = 1L;

    /** More are exported, but not added up on a page. */
    static final int MOST = 400_000;

    /** @param what heads the first column */
    UsagePanel(String what, UsagePages pages, Function<UsageRecord, String> key, Instant now) {
        addClassName("stacked");
        var totals = new UsageTable.Totals(key, now);
        var all = pages.forEach(MOST, totals::add);
        var lines = totals.lines();
        if (lines.isEmpty()) {
            add(new EmptyState(
                    VaadinIcon.BAR_CHART,
                    "No usage in this range",
                    "Usage appears some minutes after traffic has flowed through an instance."));
            return;
        }
        var sum = totals.total();
        if (!all) {
            var hint = new Div(new Span("Only the first " + Units.count(MOST)
                    + " records are added up here. Choose a shorter range, or export."));
            hint.addClassNames("hint", "warning");
            add(hint);
        }
        var tiles = new Div(
                tile(
                        "Received from clients",
                        Units.bytes(sum.get(Metric.BYTES_IN).doubleValue()),
                        completeness(sum)),
                tile("Sent to clients", Units.bytes(sum.get(Metric.BYTES_OUT).doubleValue()), completeness(sum)),
                tile("Requests", Units.count(sum.get(Metric.REQUESTS).longValue()), new Span("")),
                tile("Connections", Units.count(sum.get(Metric.CONNECTIONS).longValue()), new Span("")),
                tile(
                        "Highest peak of a service",
                        Units.bitsPerSecond(sum.get(Metric.PEAK_BPS).doubleValue()),
                        new Span("over 5 minutes")));
        tiles.addClassName("tiles");
        var grid = grid(what);
        grid.setItems(lines);
        grid.setAllRowsVisible(lines.size() <= 25);
        add(tiles, grid);
    }

    private static Grid<UsageTable.Line> grid(String what) {
        var grid = new Grid<UsageTable.Line>();
        grid.addColumn(UsageTable.Line::key)
                .setHeader(what)
                .setWidth("170px")
                .setFlexGrow(2)
                .setSortable(true);
        bytes(grid, "Received", Metric.BYTES_IN);
        bytes(grid, "Sent", Metric.BYTES_OUT);
        grid.addColumn(line -> Units.count(line.get(Metric.REQUESTS).longValue()))
                .setHeader("Requests")
                .setComparator(line -> line.get(Metric.REQUESTS))
                .setSortable(true)
                .setAutoWidth(true);
        grid.addColumn(line -> Units.bitsPerSecond(line.get(Metric.PEAK_BPS).doubleValue()))
                .setHeader("Peak")
                .setComparator(line -> line.get(Metric.PEAK_BPS))
                .setSortable(true)
                .setAutoWidth(true);
        grid.addColumn(line -> Units.duration(
                        Duration.ofSeconds(line.get(Metric.INSTANCE_SECONDS).longValue())))
                .setHeader("Instance time")
                .setComparator(line -> line.get(Metric.INSTANCE_SECONDS))
                .setSortable(true)
                .setAutoWidth(true);
        grid.addComponentColumn(UsagePanel::completeness)
                .setHeader("Completeness")
                .setAutoWidth(true);
        return grid;
    }

    private static void bytes(Grid<UsageTable.Line> grid, String header, Metric metric) {
        grid.addColumn(line -> Units.bytes(line.get(metric).doubleValue()))
                .setHeader(header)
                .setComparator(line -> line.get(metric))
                .setSortable(true)
                .setAutoWidth(true);
    }

    private static StateBadge completeness(UsageTable.Line line) {
        if (line.completeness() < 1) {
            return new StateBadge(Signal.WARNING, Units.percent(line.completeness()) + " known")
                    .because("An instance has not delivered all of it yet.");
        }
        if (line.estimated()) {
            return new StateBadge(Signal.WARNING, "Partly estimated").because("Records are missing in between.");
        }
        return line.running()
                ? new StateBadge(Signal.UNKNOWN, "Still counting").because("The newest hour is not over.")
                : new StateBadge(Signal.GOOD, "Complete");
    }

    private static Div tile(String name, String value, Component meaning) {
        var label = new Span(name);
        label.addClassName("tile-name");
        var figure = new Span(value);
        figure.addClassName("tile-value");
        var below = new Div(meaning);
        below.addClassName("tile-meaning");
        var tile = new Div(label, figure, below);
        tile.addClassNames("tile", "plain-tile");
        return tile;
    }
}
