package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Main;
import com.vaadin.flow.component.html.Paragraph;

/** The frame of the pages before sign-in. */
public final class Door extends Main {
    private static final long serialVersionUID = 1L;

    private final Div card = new Div();

    public Door(String title, String why) {
        addClassName("doorway");
        card.addClassName("door");
        var mark = new Div();
        mark.addClassName("mark");
        mark.getElement().setAttribute("role", "img");
        mark.getElement().setAttribute("aria-label", "Garrison");
        var words = new Paragraph(why);
        words.setVisible(!why.isEmpty());
        card.add(mark, new H1(title), words);
        add(card);
    }

    public Door with(Component... content) {
        card.add(content);
        return this;
    }
}
