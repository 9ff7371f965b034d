package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Span;
import io.garrison.licensing.LadderDates;
import io.garrison.licensing.SubLicenseState;
import io.garrison.tenancy.ui.Ago;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rungs that a sub-licence steps down unless it is renewed: from when, and what each means. */
final class LadderList extends OrderedList {
    private static final long serialVersionUID = 1L;

    LadderList() {
        addClassName("ladder");
    }

    /** @param now where it stands; null to point at none */
    void show(Instant validFrom, LadderDates dates, @Nullable SubLicenseState now) {
        removeAll();
        var early = dates.expiring().isBefore(validFrom) ? validFrom : dates.expiring();
        add(
                rung(SubLicenseState.ACTIVE, validFrom, now, "Everything that it grants can be used."),
                rung(
                        SubLicenseState.EXPIRING,
                        early,
                        now,
                        "As before. Notices 30, 14, 7 days and 1 day before the end."),
                rung(
                        SubLicenseState.GRACE,
                        dates.grace(),
                        now,
                        "Instances keep their seats and policies may change; nothing new is made."),
                rung(
                        SubLicenseState.RESTRICTED,
                        dates.restricted(),
                        now,
                        "Seats are not renewed; policies may still change."),
                rung(SubLicenseState.FROZEN, dates.frozen(), now, "Nothing is made, changed or renewed."));
    }

    private static ListItem rung(SubLicenseState state, Instant from, @Nullable SubLicenseState now, String meaning) {
        var words = new Span(meaning);
        words.addClassName("quiet");
        var item = new ListItem(LicenseWords.badge(state), Ago.absolute(from), words);
        if (state == now) {
            item.addClassName("now");
            item.getElement().setAttribute("aria-current", "step");
        }
        return item;
    }
}
