package io.garrison.instances.ui;

import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.icon.Icon;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyDiff.Kind;
import io.garrison.tenancy.ui.Units;

/** A difference between policies: first what it means for traffic, then to the letter. */
final class DiffView extends Div {
    private static final long serialVersionUID = 1L;

    DiffView(PolicyDiff diff) {
        addClassName("stacked");
        if (diff.isEmpty()) {
            add(new Paragraph("There is no difference."));
            return;
        }
        add(
                inWords(diff),
                new Details(Units.count(diff.changes().size(), "field", "fields") + " to the letter", letters(diff)));
    }

    private static UnorderedList inWords(PolicyDiff diff) {
        var list = new UnorderedList();
        list.addClassName("changes");
        for (var change : diff.traffic()) {
            list.add(new ListItem(
                    icon(change.kind()), new Span(FieldErrors.sentence(change.subject() + " " + change.sentence()))));
        }
        if (diff.traffic().isEmpty()) {
            list.add(new ListItem("Nothing that clients or servers notice."));
        }
        return list;
    }

    private static Icon icon(Kind kind) {
        var icon = switch (kind) {
            case ADDED -> VaadinIcon.PLUS_CIRCLE_O.create();
            case REMOVED -> VaadinIcon.MINUS_CIRCLE_O.create();
            case CHANGED -> VaadinIcon.EDIT.create();
        };
        icon.addClassName(
                switch (kind) {
                    case ADDED -> "good";
                    case REMOVED -> "bad";
                    case CHANGED -> "changed";
                });
        icon.setSize("16px");
        icon.getElement().setAttribute("aria-label", kind.name().toLowerCase(java.util.Locale.ROOT));
        return icon;
    }

    private static Div letters(PolicyDiff diff) {
        var text = new Div();
        text.addClassName("diff");
        for (var change : diff.changes()) {
            if (change.before() != null) {
                text.add(line("removed", "− " + change.path() + "  " + change.before()));
            }
            if (change.after() != null) {
                text.add(line("added", "+ " + change.path() + "  " + change.after()));
            }
        }
        return text;
    }

    private static Span line(String look, String words) {
        var line = new Span(words);
        line.addClassName(look);
        return line;
    }
}
