package io.garrison.instances.ui;

import com.vaadin.flow.component.HasValue;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.Drills.DrillWish;
import io.garrison.protocol.Drill.Kind;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;

/** Asks which failover to rehearse, when and why. */
final class DrillDialog {

    private static final int USUAL_SECONDS = 10;

    private final Select<String> router = new Select<>();
    private final Select<Kind> kind = new Select<>();
    private final DateTimePicker at = new DateTimePicker("Begin (UTC)");
    private final IntegerField hold = new IntegerField("For how long (s)");
    private final TextField reason = new TextField("Reason");
    private final Checkbox consent = new Checkbox("I know that connections through this router break");
    private final Consumer<DrillWish> planned;

    DrillDialog(List<String> routers, Consumer<DrillWish> planned) {
        this.planned = planned;
        router.setLabel("Router");
        router.setItems(routers);
        router.setValue(routers.getFirst());
        kind.setLabel("Kind");
        kind.setItems(Kind.values());
        kind.setItemLabelGenerator(DrillWords::of);
        kind.setValue(Kind.GRACEFUL);
        at.setStep(Duration.ofMinutes(5));
        at.setHelperText("Empty: as soon as both instances have heard of it. At most 30 days ahead; it can be cancelled"
                + " until two minutes before");
        at.addClassName("wide");
        hold.setHelperText("1–300; default 10");
        hold.setValue(USUAL_SECONDS);
        reason.setHelperText("Kept with the result, 1–200 characters");
    }

    void open() {
        var problems = new FormProblems()
                .field("router", router)
                .field("kind", kind)
                .field("at", at)
                .field("holdSeconds", hold)
                .field("reason", reason)
                .field("consent", consent);
        var form = new Div(
                new Paragraph("The holder gives the router's addresses up for that long, and a backup measures what"
                        + " clients notice. It begins only if all instances are healthy and in sync then."),
                HaForm.form(router, kind, hold, reason, at),
                consent);
        form.addClassName("stacked");
        var dialog = new EditDialog(
                "Rehearse a failover", "Rehearse", form, () -> problems.attempt(() -> planned.accept(wish())));
        List.<HasValue<?, ?>>of(router, kind, at, hold, reason, consent)
                .forEach(field -> field.addValueChangeListener(change -> dialog.changed()));
        dialog.open();
    }

    private DrillWish wish() {
        var begin = at.getValue();
        return new DrillWish(
                router.getValue(),
                kind.getValue(),
                begin == null ? null : begin.toInstant(ZoneOffset.UTC),
                HaForm.number(hold),
                consent.getValue(),
                reason.getValue());
    }
}
