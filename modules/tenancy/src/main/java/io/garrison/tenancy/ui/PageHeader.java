package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Header;
import com.vaadin.flow.component.html.Nav;
import com.vaadin.flow.component.html.Span;

/** Head of a page: where it is, what it is called, what state it is in, and at most three actions. */
public final class PageHeader extends Header {
    private static final long serialVersionUID = 1L;

    private final Nav trail = new Nav();
    private final H1 title = new H1();
    private final Div badges = new Div();
    private final Div facts = new Div();
    private final Div actions = new Div();

    public PageHeader(String title) {
        addClassName("page-header");
        trail.addClassName("trail");
        trail.getElement().setAttribute("aria-label", "Breadcrumb");
        trail.setVisible(false);
        badges.addClassName("badges");
        facts.addClassName("facts-line");
        facts.setVisible(false);
        actions.addClassName("actions");
        this.title.setText(title);
        var name = new Div(this.title, badges);
        name.addClassName("name");
        var words = new Div(trail, name, facts);
        words.addClassName("words");
        add(words, actions);
    }

    public void setTitle(String text) {
        title.setText(text);
    }

    /** Adds a step above this page. */
    public PageHeader under(String name, String path) {
        trail.setVisible(true);
        var link = new Anchor(path, name);
        var slash = new Span("›");
        slash.getElement().setAttribute("aria-hidden", "true");
        trail.add(link, slash);
        return this;
    }

    public PageHeader badges(Component... shown) {
        badges.removeAll();
        badges.add(shown);
        return this;
    }

    /** One quiet line under the title. */
    public PageHeader facts(Component... shown) {
        facts.setVisible(shown.length > 0);
        facts.removeAll();
        facts.add(shown);
        return this;
    }

    public PageHeader actions(Component... shown) {
        actions.removeAll();
        actions.add(shown);
        return this;
    }
}
