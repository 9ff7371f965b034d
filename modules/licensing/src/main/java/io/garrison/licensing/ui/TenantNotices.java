package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.LicenseNotice;
import io.garrison.licensing.LicenseNotice.Kind;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the tenant was told about its licences: first what nobody has acknowledged. Nothing if there is none. */
final class TenantNotices extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 10;

    private final transient @Nullable Consumer<UUID> acknowledge;
    private transient List<LicenseNotice> shown = List.of();

    /** @param acknowledge null if the reader may not */
    TenantNotices(@Nullable Consumer<UUID> acknowledge) {
        this.acknowledge = acknowledge;
        setVisible(false);
    }

    /** Leaves what is the same already as it is. */
    void show(List<LicenseNotice> notices) {
        if (notices.equals(shown)) {
            return;
        }
        shown = List.copyOf(notices);
        removeAll();
        var open = notices.stream().filter(one -> one.acknowledgedAt() == null).toList();
        setVisible(!open.isEmpty());
        if (!open.isEmpty()) {
            add(new Section("Notices", list(open)).aside(new Span("%d to acknowledge".formatted(open.size()))));
        }
    }

    private UnorderedList list(List<LicenseNotice> open) {
        var list = new UnorderedList();
        list.addClassName("timeline");
        open.stream().limit(SHOWN).forEach(notice -> list.add(item(notice)));
        return list;
    }

    private ListItem item(LicenseNotice notice) {
        var line = new Div(
                new StateBadge(signal(notice.kind()), StateBadge.words(notice.kind())),
                new Span(notice.message()),
                new Ago(notice.at()));
        line.addClassName("row");
        if (acknowledge != null) {
            var act = acknowledge;
            var button = new Button("Acknowledge", click -> act.accept(notice.id()));
            button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            line.add(button);
        }
        return new ListItem(line);
    }

    private static Signal signal(Kind kind) {
        return switch (kind) {
            case EXPIRES_IN_30_DAYS, EXPIRES_IN_14_DAYS, EXPIRES_IN_7_DAYS, SEAT_LOST -> Signal.WARNING;
            case EXPIRES_IN_1_DAY,
                    ENTERED_GRACE,
                    ENTERED_RESTRICTED,
                    ENTERED_FROZEN,
                    SUSPENDED,
                    REVOKED,
                    CLOCK_BEHIND,
                    CLOCK_AHEAD -> Signal.BAD;
        };
    }
}
