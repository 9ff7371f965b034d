package io.garrison.licensing.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;

/** A sentence that must not be overlooked. */
final class Hint extends Div {
    private static final long serialVersionUID = 1L;

    private Hint(String style, Component content) {
        addClassNames("hint", style);
        add(content);
    }

    static Hint note(String text) {
        return new Hint("note", new Span(text));
    }

    static Hint warning(String text) {
        return new Hint("warning", new Span(text));
    }

    static Hint bad(String text) {
        var hint = new Hint("bad", new Span(text));
        hint.getElement().setAttribute("role", "alert");
        return hint;
    }
}
