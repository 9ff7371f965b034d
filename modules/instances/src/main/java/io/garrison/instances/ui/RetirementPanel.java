package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.IntegerField;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackManagement.Change;
import io.garrison.instances.StackSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;

/** What becomes of lost instances. */
final class RetirementPanel extends Div {
    private static final long serialVersionUID = 1L;

    private final transient StackManagement stacks;
    private final transient TenantScope scope;
    private transient StackSummary stack;
    private final Span words = new Span();

    RetirementPanel(StackManagement stacks, TenantScope scope, StackSummary stack) {
        this.stacks = stacks;
        this.scope = scope;
        this.stack = stack;
        addClassName("row");
        add(words);
        if (scope.may(Permission.STACK_MANAGE)) {
            add(new Button("Change", click -> ask()));
        }
        show(stack);
    }

    private void show(StackSummary now) {
        stack = now;
        words.setText(words(now.retireLostAfterHours()));
    }

    static String words(int hours) {
        return hours == 0
                ? "A lost instance stays a member until it is decommissioned."
                : "An instance that is lost for %s is retired, if the others can decide without it."
                        .formatted(Units.count(hours, "hour", "hours"));
    }

    private void ask() {
        var hours = new IntegerField("Retire a lost instance after (h)");
        hours.setHelperText("1–8,760; 0: never");
        hours.setValue(stack.retireLostAfterHours());
        var problems = new FormProblems().field("retireLostAfterHours", hours);
        var form = new Div(
                new Paragraph(
                        "Its seat becomes free, and it counts in no decision any more. To return the machine has to"
                                + " enrol again."),
                hours);
        form.addClassName("stacked");
        new EditDialog(
                        "Lost instances",
                        "Save",
                        form,
                        () -> problems.attempt(() -> {
                            var read = scope.call(() -> stacks.get(stack.id()));
                            show(scope.call(() -> stacks.change(
                                    stack.id(), read.version(), Change.retireLostAfter(HaForm.number(hours)))));
                            Notices.done("Lost instances: saved");
                        }))
                .open();
    }
}
