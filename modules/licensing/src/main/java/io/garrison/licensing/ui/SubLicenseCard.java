package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.LadderDates;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** A sub-licence at a glance: what of it is used, where it stands, and what follows. */
final class SubLicenseCard extends Div {
    private static final long serialVersionUID = 1L;

    private final transient TenantScope scope;
    private final transient ConsumptionView consumption;
    private final transient Clock clock;
    private final ConsumptionBars bars = new ConsumptionBars();
    private transient @Nullable SubLicenseSummary shown;

    SubLicenseCard(TenantScope scope, ConsumptionView consumption, Clock clock) {
        this.scope = scope;
        this.consumption = consumption;
        this.clock = clock;
    }

    void show(SubLicenseSummary one) {
        bars.show(scope.call(() -> consumption.of(one.id())));
        if (one.equals(shown)) {
            return;
        }
        shown = one;
        removeAll();
        var details = new Anchor(
                scope.path("licences/" + one.id()),
                scope.may(Permission.LICENSE_EXPORT) ? "Details, history and signed file" : "Details and history");
        var words = new Paragraph(outlook(one));
        words.addClassName("quiet");
        add(new Section(LicenseWords.summary(one.entitlements()), words, bars, new Div(details))
                .aside(
                        LicenseWords.badge(one.state()),
                        new Span(LicenseWords.left(one.validUntil(), clock.instant()))));
    }

    /** What its state means, and when the next one begins. */
    static String outlook(SubLicenseSummary one) {
        var dates = LadderDates.of(one.validUntil(), one.graceDays());
        var next = switch (one.state()) {
            case SCHEDULED -> " It begins on " + LicenseWords.moment(one.validFrom()) + ".";
            case ACTIVE, EXPIRING ->
                " It ends on %s; instances keep their seats until %s."
                        .formatted(LicenseWords.moment(dates.grace()), LicenseWords.moment(dates.restricted()));
            case GRACE -> " Seats are not renewed from " + LicenseWords.moment(dates.restricted()) + " on.";
            case RESTRICTED -> " Nothing can be changed from " + LicenseWords.moment(dates.frozen()) + " on.";
            case FROZEN, REVOKED, SUSPENDED -> " Ask the provider.";
        };
        return LicenseWords.explain(one.state()) + next;
    }
}
