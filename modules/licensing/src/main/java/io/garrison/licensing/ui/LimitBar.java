package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import java.util.List;

/** Amounts side by side on one scale, with limits as lines. The figures stand beside it in words. */
final class LimitBar extends Div {
    private static final long serialVersionUID = 1L;

    /** One stretch. @param style class name of its colour */
    record Part(String style, double amount) {}

    LimitBar() {
        addClassName("limit-bar");
        getElement().setAttribute("aria-hidden", "true");
    }

    /**
     * @param scale what the whole width stands for
     * @param lines limits, the first of them the one that was granted
     */
    void show(double scale, List<Part> parts, List<Double> lines) {
        removeAll();
        var whole = scale <= 0 ? 1 : scale;
        parts.stream().filter(part -> part.amount() > 0).forEach(part -> {
            var stretch = new Span();
            stretch.addClassNames("part", part.style());
            stretch.getStyle().setWidth(percent(part.amount() / whole));
            add(stretch);
        });
        var first = true;
        for (var at : lines) {
            var line = new Span();
            line.addClassName("line");
            line.setClassName("second", !first);
            line.getStyle().set("inset-inline-start", percent(at / whole));
            add(line);
            first = false;
        }
    }

    private static String percent(double share) {
        return String.format(java.util.Locale.ROOT, "%.2f%%", Math.clamp(share, 0, 1) * 100);
    }
}
