package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.OverageInterval;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest stretches of time in which more than a limit was used. */
final class OverageList extends Div {
    private static final long serialVersionUID = 1L;

    private transient @Nullable List<OverageInterval> shown;

    /** Leaves what is the same already as it is. */
    void show(List<OverageInterval> intervals) {
        if (intervals.equals(shown)) {
            return;
        }
        shown = List.copyOf(intervals);
        removeAll();
        if (intervals.isEmpty()) {
            var none = new Paragraph("No limit has been passed so far.");
            none.addClassName("quiet");
            add(none);
            return;
        }
        var list = new UnorderedList();
        list.addClassName("timeline");
        intervals.forEach(interval -> list.add(item(interval)));
        add(list);
    }

    private static ListItem item(OverageInterval interval) {
        var amount = new Span("%s beyond %s"
                .formatted(
                        LicenseWords.quantity(interval.metric(), interval.amount()),
                        LicenseWords.quantity(interval.metric(), interval.limit())));
        var line = new Div(
                interval.to() == null ? new StateBadge(Signal.WARNING, "Now") : new StateBadge(Signal.UNKNOWN, "Over"),
                amount,
                Ago.absolute(interval.from()));
        if (interval.to() != null) {
            line.add(new Span("to"), Ago.absolute(interval.to()));
        }
        var rule = new Span(OverageWords.name(interval.policy()));
        rule.addClassName("quiet");
        line.add(rule);
        line.addClassName("row");
        return new ListItem(line);
    }
}
