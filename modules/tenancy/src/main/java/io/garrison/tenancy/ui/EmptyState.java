package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;

/** Stands where something would be: says what, why it is not there, and offers what changes it. */
public final class EmptyState extends Div {
    private static final long serialVersionUID = 1L;

    /** @param actions buttons or links that change it; none if the reader cannot */
    public EmptyState(VaadinIcon icon, String title, String why, Component... actions) {
        addClassName("empty-state");
        var picture = icon.create();
        picture.getElement().setAttribute("aria-hidden", "true");
        add(picture, new H3(title), new Paragraph(why));
        add(actions);
    }
}
