package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Span;
import org.jspecify.annotations.Nullable;

/** Names and values of one object, in two columns. */
public final class Facts extends DescriptionList {
    private static final long serialVersionUID = 1L;

    public Facts() {
        addClassName("facts");
    }

    /** @param value shown as a dash where there is none */
    public Facts with(String name, @Nullable String value) {
        return with(name, new Span(value == null || value.isEmpty() ? "–" : value));
    }

    public Facts with(String name, Component value) {
        add(new Term(name), new Description(value));
        return this;
    }

    /** An identifier or address: fixed pitch, selectable as a whole. */
    public Facts code(String name, @Nullable String value) {
        var code = new Span(value == null || value.isEmpty() ? "–" : value);
        code.addClassName("mono");
        return with(name, code);
    }
}
