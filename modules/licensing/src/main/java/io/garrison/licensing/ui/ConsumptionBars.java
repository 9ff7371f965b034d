package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.garrison.licensing.ConsumptionView.Line;
import io.garrison.licensing.Overage.Policy;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.ArrayList;
import java.util.List;

/** How much of what a sub-licence grants is used: each metric against its limit, and its ceiling if it has one. */
final class ConsumptionBars extends Div {
    private static final long serialVersionUID = 1L;

    private static final double NEAR = 0.9;

    private transient List<Line> shown = List.of();

    ConsumptionBars() {
        addClassName("pools");
    }

    /** Leaves what is the same already as it is. */
    void show(List<Line> lines) {
        if (lines.equals(shown)) {
            return;
        }
        shown = List.copyOf(lines);
        removeAll();
        lines.forEach(line -> add(bar(line)));
    }

    private static Div bar(Line line) {
        var name = new Span(LicenseWords.name(line.metric()));
        name.addClassName("name");
        var head = new Div(name, badge(line));
        head.addClassName("words");
        var figure = new Span(figure(line));
        figure.addClassName("figure");
        var numbers = new Div(figure);
        if (line.over() > 0) {
            var over = new Span(LicenseWords.quantity(line.metric(), line.over()) + " beyond");
            over.addClassName("bad-text");
            numbers.add(over);
        }
        numbers.addClassName("words");
        var rule = new Span(OverageWords.explain(line.metric(), line.limit(), line.overage()));
        rule.addClassName("quiet");
        var bar = new Div(head, numbers, scale(line), rule);
        bar.addClassName("pool-bar");
        return bar;
    }

    private static String figure(Line line) {
        return line.used() == null
                ? "Up to " + LicenseWords.quantity(line.metric(), line.limit())
                : LicenseWords.of(line.metric(), line.used(), line.limit());
    }

    private static LimitBar scale(Line line) {
        long used = line.used() == null ? 0 : line.used();
        long within = Math.min(used, line.limit());
        var lines = new ArrayList<Double>();
        lines.add((double) line.limit());
        if (line.overage().policy() == Policy.CEILING) {
            lines.add((double) line.overage().most(line.limit()));
        }
        var most = Math.max(used, lines.stream().mapToDouble(each -> each).max().orElse(0));
        var bar = new LimitBar();
        bar.show(
                most,
                List.of(
                        new LimitBar.Part(within >= NEAR * line.limit() ? "near" : "held", within),
                        new LimitBar.Part("over", used - within)),
                lines);
        return bar;
    }

    private static StateBadge badge(Line line) {
        return switch (line.state()) {
            case UNKNOWN -> new StateBadge(Signal.UNKNOWN, "Not measured yet");
            case WITHIN -> new StateBadge(Signal.GOOD, "Within");
            case EXHAUSTED ->
                line.limit() == 0
                        ? new StateBadge(Signal.UNKNOWN, "None granted")
                        : new StateBadge(Signal.WARNING, "All used");
            case OVER -> new StateBadge(Signal.WARNING, "Beyond the limit");
            case ALARM -> new StateBadge(Signal.BAD, "Beyond the limit, alarm");
        };
    }
}
