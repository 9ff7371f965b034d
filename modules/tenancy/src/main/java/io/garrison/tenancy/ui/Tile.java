package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/** One figure with its name and what it means now; a link to the list behind it. */
public final class Tile extends Anchor {
    private static final long serialVersionUID = 1L;

    private final Span value = new Span();
    private final Div meaning = new Div();

    /** @param path of the list behind the figure */
    public Tile(String name, String path) {
        setHref(path);
        addClassName("tile");
        var label = new Span(name);
        label.addClassName("tile-name");
        value.addClassName("tile-value");
        meaning.addClassName("tile-meaning");
        add(label, value, meaning);
    }

    public Tile show(String figure, Component... what) {
        value.setText(figure);
        meaning.removeAll();
        meaning.add(what);
        return this;
    }
}
