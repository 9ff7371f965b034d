package io.garrison.shell;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.LicenseNotice;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** What has not been acknowledged yet of what licences, seats and the clock had to tell; nothing if there is none. */
final class NoticeList extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 5;
    private static final int LOOKED_AT = 100;

    private final transient Function<Integer, List<LicenseNotice>> source;
    private final transient Consumer<UUID> acknowledge;
    private final boolean mayAcknowledge;

    /**
     * @param source newest first, at most as many as asked
     * @param acknowledge for the side that looks
     */
    NoticeList(Function<Integer, List<LicenseNotice>> source, Consumer<UUID> acknowledge, boolean mayAcknowledge) {
        this.source = source;
        this.acknowledge = acknowledge;
        this.mayAcknowledge = mayAcknowledge;
    }

    void load() {
        removeAll();
        var open = source.apply(LOOKED_AT).stream()
                .filter(notice -> notice.acknowledgedAt() == null)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        var list = new UnorderedList();
        list.addClassName("timeline");
        open.stream().limit(SHOWN).forEach(notice -> list.add(item(notice)));
        var section = new Section("Licence notices", list);
        if (open.size() > SHOWN) {
            section.aside(new Span("%d more".formatted(open.size() - SHOWN)));
        }
        add(section);
    }

    private ListItem item(LicenseNotice notice) {
        var message = new Span(notice.message());
        var line = new Div(badge(notice.kind()), message, new Ago(notice.at()));
        line.addClassName("row");
        if (mayAcknowledge) {
            var button = new Button("Acknowledge", click -> acknowledge.accept(notice.id()));
            button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            line.add(button);
        }
        return new ListItem(line);
    }

    private static StateBadge badge(LicenseNotice.Kind kind) {
        return switch (kind) {
            case EXPIRES_IN_30_DAYS -> new StateBadge(Signal.WARNING, "Ends within 30 days");
            case EXPIRES_IN_14_DAYS -> new StateBadge(Signal.WARNING, "Ends within 14 days");
            case EXPIRES_IN_7_DAYS -> new StateBadge(Signal.WARNING, "Ends within 7 days");
            case EXPIRES_IN_1_DAY -> new StateBadge(Signal.BAD, "Ends within a day");
            case ENTERED_GRACE -> new StateBadge(Signal.BAD, "In its grace");
            case ENTERED_RESTRICTED -> new StateBadge(Signal.BAD, "Restricted");
            case ENTERED_FROZEN -> new StateBadge(Signal.BAD, "Frozen");
            case SUSPENDED -> new StateBadge(Signal.BAD, "Suspended");
            case REVOKED -> new StateBadge(Signal.BAD, "Revoked");
            case SEAT_LOST -> new StateBadge(Signal.WARNING, "Seat lost");
            case CLOCK_BEHIND -> new StateBadge(Signal.BAD, "Clock is behind");
            case CLOCK_AHEAD -> new StateBadge(Signal.BAD, "Clock has jumped");
        };
    }
}
