package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.licensing.LadderDates;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;

/** Lets a sub-licence last longer, and shows what follows when that is over. */
final class RenewDialog {

    private final SubLicenseTools tools;
    private final TenantScope scope;
    private final SubLicenseSummary one;
    private final LicenseSummary license;
    private final Runnable renewed;

    private final DatePicker until = new DatePicker("New end (UTC)");
    private final IntegerField grace = new IntegerField("Grace (days)");
    private final LadderList ladder = new LadderList();
    private final ReasonField reason = new ReasonField();

    RenewDialog(
            SubLicenseTools tools, TenantScope scope, SubLicenseSummary one, LicenseSummary license, Runnable renewed) {
        this.tools = tools;
        this.scope = scope;
        this.one = one;
        this.license = license;
        this.renewed = renewed;
    }

    void open() {
        until.setValue(later(Period.ofYears(1)));
        until.setHelperText("Now %s; not after %s, when the licence ends"
                .formatted(LicenseWords.day(one.validUntil()), LicenseWords.day(license.validUntil())));
        grace.setMin(0);
        grace.setValue(one.graceDays());
        grace.setStepButtonsVisible(true);
        grace.setValueChangeMode(ValueChangeMode.LAZY);
        grace.setHelperText("0–365; instances keep their seats meanwhile");
        var steps = new Div(
                step("+ 30 days", Period.ofDays(30)),
                step("+ 90 days", Period.ofDays(90)),
                step("+ 1 year", Period.ofYears(1)));
        steps.addClassNames("row", "wide");
        var outlook = new Div(new H3("What follows unless it is renewed again"), ladder);
        outlook.addClassNames("wide", "stacked");
        var form = new Div(until, grace, steps, share(), outlook, reason);
        form.addClassName("form");
        var problems = new FormProblems().field("validUntil", until).field("graceDays", grace);
        var dialog = new EditDialog(
                "Renew sub-licence of " + scope.name(),
                "Renew",
                form,
                () -> isComplete() && reason.isComplete() && problems.attempt(this::renew));
        until.addValueChangeListener(change -> {
            dialog.changed();
            look();
        });
        grace.addValueChangeListener(change -> {
            dialog.changed();
            look();
        });
        reason.onChange(dialog::changed);
        look();
        dialog.open();
    }

    /** One that is over for good has given its share back. */
    private Paragraph share() {
        var words = new Paragraph(
                one.state().keepsSeats() || one.state() == io.garrison.licensing.SubLicenseState.SCHEDULED
                        ? "Its share of the licence pool stays as it is. The sub-licence is signed again."
                        : "Its share has gone back to the licence pool and is taken anew, if it is still to be had.");
        words.addClassNames("quiet", "wide");
        return words;
    }

    private Button step(String words, Period by) {
        var button = new Button(words, click -> until.setValue(later(by)));
        button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
        return button;
    }

    /** Not beyond the licence. */
    private LocalDate later(Period by) {
        var asked = day(one.validUntil()).plus(by);
        var last = day(license.validUntil());
        return asked.isAfter(last) ? last : asked;
    }

    private void look() {
        if (until.getValue() != null && grace.getValue() != null) {
            ladder.show(one.validFrom(), LadderDates.of(ends(), grace.getValue()), null);
        }
    }

    private boolean isComplete() {
        if (until.getValue() == null) {
            until.setErrorMessage("Choose a day");
            until.setInvalid(true);
        }
        if (grace.getValue() == null) {
            grace.setErrorMessage("Enter 0 to 365 days");
            grace.setInvalid(true);
        }
        return until.getValue() != null && grace.getValue() != null;
    }

    private void renew() {
        scope.call(() -> tools.operations().renew(one.id(), ends(), grace.getValue(), reason.reason()));
        Notices.done("The sub-licence is renewed until " + LicenseWords.moment(ends()));
        renewed.run();
    }

    /** The last day of the licence is meant as its very end. */
    private Instant ends() {
        return until.getValue().equals(day(license.validUntil()))
                ? license.validUntil()
                : until.getValue().atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
