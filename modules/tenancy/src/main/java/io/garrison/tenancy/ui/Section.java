package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HtmlContainer;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;

/** A titled surface on a page. */
@Tag("section")
public final class Section extends HtmlContainer {
    private static final long serialVersionUID = 1L;

    private final Div aside = new Div();

    public Section(String title, Component... content) {
        addClassName("panel");
        aside.addClassName("aside");
        var head = new Div(new H2(title), aside);
        head.addClassName("panel-head");
        head.setVisible(!title.isEmpty());
        add(head);
        add(content);
    }

    /** What stands at the far end of the title's line. */
    public Section aside(Component... shown) {
        aside.removeAll();
        aside.add(shown);
        return this;
    }

    /** A quiet sentence under what was added so far. */
    public Section note(String text) {
        var note = new Paragraph(text);
        note.addClassName("quiet");
        add(note);
        return this;
    }
}
