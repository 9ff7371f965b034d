package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasSize;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JavaScript;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.shared.Registration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Quantities over time: unit on a zero-based axis, gaps left open, limits as lines, the same figures as a table on
 * request. A stretch selected with the pointer is told to {@link #onRange}.
 */
@Tag("garrison-chart")
@JavaScript("context://assets/garrison/echarts.common.min.js")
@JsModule("context://assets/garrison/chart.js")
public final class TimeChart extends Component implements HasSize, HasStyle {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Unit unit;
    private final String emptyText;
    private boolean zoomable;

    /** @param emptyText says why there may be nothing to see */
    public TimeChart(Unit unit, String emptyText) {
        this.unit = unit;
        this.emptyText = emptyText;
    }

    public void show(Instant from, Instant to, List<Line> lines) {
        show(from, to, lines, List.of());
    }

    public void show(Instant from, Instant to, List<Line> lines, List<Limit> limits) {
        var model = JSON.createObjectNode();
        model.put("unit", unit.code);
        model.put("from", from.toEpochMilli());
        model.put("to", to.toEpochMilli());
        model.put("emptyText", emptyText);
        model.put("zoomable", zoomable);
        var series = model.putArray("series");
        lines.forEach(line -> line.write(series.addObject()));
        var marks = model.putArray("limits");
        limits.forEach(limit -> marks.addObject().put("name", limit.name()).put("value", limit.value()));
        getElement().setPropertyJson("model", model);
    }

    /** Lets the reader select a stretch of time. */
    public Registration onRange(BiConsumer<Instant, Instant> selected) {
        zoomable = true;
        return getElement()
                .addEventListener("range-selected", event -> {
                    var detail = event.getEventData();
                    selected.accept(
                            Instant.ofEpochMilli(detail.get("event.detail.from").asLong()),
                            Instant.ofEpochMilli(detail.get("event.detail.to").asLong()));
                })
                .addEventData("event.detail.from")
                .addEventData("event.detail.to");
    }

    /** What the axis counts. */
    public enum Unit {
        BITS_PER_SECOND("bits"),
        BYTES("bytes"),
        REQUESTS_PER_SECOND("requests"),
        COUNT("count"),
        MILLISECONDS("milliseconds");

        private final String code;

        Unit(String code) {
            this.code = code;
        }
    }

    /** A level that must not be passed, such as what was bought. */
    public record Limit(String name, double value) {}

    /** @param value null where nothing is known; the line is interrupted there */
    public record Point(Instant at, @Nullable Double value) {}

    /**
     * One series.
     *
     * @param colour custom property of the stylesheet, such as {@code --garrison-c1}; the same for the same thing
     *     everywhere
     */
    public record Line(String name, String colour, boolean area, boolean stacked, List<Point> points) {

        public Line {
            points = List.copyOf(points);
        }

        private void write(ObjectNode into) {
            into.put("name", name).put("colour", colour).put("area", area);
            if (stacked) {
                into.put("stack", "all");
            }
            var all = into.putArray("points");
            for (var point : new ArrayList<>(points)) {
                var pair = all.addArray().add(point.at().toEpochMilli());
                if (point.value() == null) {
                    pair.addNull();
                } else {
                    pair.add(point.value());
                }
            }
        }
    }
}
