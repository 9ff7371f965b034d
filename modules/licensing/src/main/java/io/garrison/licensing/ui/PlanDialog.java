package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Overages;
import io.garrison.licensing.PlanManagement;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.licensing.PlanSummary;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a plan, or the next version of one. */
final class PlanDialog {

    private static final int MOST_NAME = 100;
    private static final PlanTerms USUAL =
            new PlanTerms("", new Entitlements(2, 200_000_000, 10, Set.of()), Overages.NONE, 14, 365);

    private final PlanManagement plans;
    private final Runnable done;
    private final TextField name = new TextField("Name");
    private final IntegerField term = new IntegerField("Term (days)");
    private final IntegerField grace = new IntegerField("Grace (days)");
    private @Nullable EditDialog dialog;
    private final EntitlementFields fields = new EntitlementFields(this::changed);

    PlanDialog(PlanManagement plans, Runnable done) {
        this.plans = plans;
        this.done = done;
    }

    /** @param features that loaded licences have, to choose from */
    void create(Set<String> features) {
        open("Create plan", "Create plan", USUAL, features, () -> {
            var made = plans.create(terms());
            Notices.done("Plan " + made.terms().name() + " can be allocated from");
        });
    }

    void change(PlanSummary plan, Set<String> features) {
        var next = plan.version() + 1;
        open("New version of " + plan.terms().name(), "Make version " + next, plan.terms(), features, () -> {
            plans.change(plan.id(), terms(), plan.version());
            Notices.done("Version %d is what is allocated from now on".formatted(next));
        });
    }

    private void open(String title, String verb, PlanTerms terms, Set<String> features, Runnable save) {
        name.setValue(terms.name());
        name.setMaxLength(MOST_NAME);
        name.setHelperText("As on offers; up to 100 characters");
        name.addClassName("wide");
        name.addValueChangeListener(change -> changed());
        days(term, terms.termDays(), "1–3660; how long a sub-licence of it lasts");
        days(grace, terms.graceDays(), "0–365; instances keep their seats meanwhile");
        fields.set(terms.entitlements(), terms.overages());
        fields.offer(features);
        var form = new Div(name, fields, term, grace);
        form.addClassName("form");
        var problems = fields.register(new FormProblems())
                .field("name", name)
                .field("termDays", term)
                .field("graceDays", grace);
        var made = new EditDialog(
                        title,
                        verb,
                        form,
                        () -> isComplete()
                                && problems.attempt(() -> {
                                    save.run();
                                    done.run();
                                }))
                .wide();
        dialog = made;
        made.open();
    }

    private void changed() {
        if (dialog != null) {
            dialog.changed();
        }
    }

    private void days(IntegerField field, int value, String help) {
        field.setValue(value);
        field.setStepButtonsVisible(true);
        field.setHelperText(help);
        field.addValueChangeListener(change -> changed());
    }

    private boolean isComplete() {
        var complete = fields.isComplete();
        for (var field : java.util.List.of(term, grace)) {
            if (field.getValue() == null) {
                field.setErrorMessage("Enter a number of days");
                field.setInvalid(true);
                complete = false;
            }
        }
        return complete;
    }

    private PlanTerms terms() {
        return new PlanTerms(
                name.getValue().strip(), fields.entitlements(), fields.overages(), grace.getValue(), term.getValue());
    }
}
