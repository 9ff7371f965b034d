package io.garrison.tenancy.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/** How much of a limit is taken, as a bar and in words. */
public final class Meter extends Div {
    private static final long serialVersionUID = 1L;

    /**
     * @param share taken, 0–1 and above
     * @param words the same in figures: {@code 3 of 10 instances}
     */
    public Meter(double share, String words) {
        addClassName("meter");
        var bar = new Div();
        bar.addClassName("meter-bar");
        var fill = new Span();
        fill.getStyle().setWidth(Math.clamp(share * 100, 0, 100) + "%");
        fill.addClassName(share >= 1 ? "bad" : share >= 0.9 ? "warning" : "good");
        bar.add(fill);
        bar.getElement().setAttribute("aria-hidden", "true");
        add(bar, new Span(words));
    }
}
