package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.SubLicenseChange;
import io.garrison.tenancy.ui.Ago;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Each signing of a sub-licence, the newest first: who, when, what changed, and why. Older ones on request. */
final class HistoryList extends Div {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 20;

    private final transient Function<@Nullable Long, List<SubLicenseChange>> source;
    private final UnorderedList list = new UnorderedList();
    private final Button older = new Button("Load older", click -> more());
    private @Nullable Long last;

    /** @param source the page after that serial, with one entry more than {@link #fetched} if there are more */
    HistoryList(Function<@Nullable Long, List<SubLicenseChange>> source) {
        this.source = source;
        addClassName("stacked");
        list.addClassName("timeline");
        older.addThemeVariants(ButtonVariant.TERTIARY);
        add(list, older);
        more();
    }

    static int fetched() {
        return PAGE + 1;
    }

    private void more() {
        var page = source.apply(last);
        page.stream().limit(PAGE).forEach(change -> {
            list.add(item(change));
            last = change.serial();
        });
        older.setVisible(page.size() > PAGE);
        if (list.getComponentCount() == 0) {
            list.add(new ListItem(
                    new Paragraph("Nothing is noted: it came as a file, so its history is where it was issued.")));
        }
    }

    private static ListItem item(SubLicenseChange change) {
        var what = new Span(HistoryWords.action(change));
        what.addClassName("figure");
        var by = new Span("by " + change.actor() + ", serial " + change.serial());
        by.addClassName("quiet");
        var head = new Div(what, Ago.absolute(change.at()), by);
        head.addClassName("row");
        var changes = new UnorderedList();
        changes.addClassName("was-became");
        HistoryWords.lines(change).forEach(line -> changes.add(new ListItem(line)));
        var item = new ListItem(head, changes);
        if (change.reason() != null) {
            var why = new Paragraph("“" + change.reason() + "”");
            why.addClassName("quiet");
            item.add(why);
        }
        return item;
    }
}
