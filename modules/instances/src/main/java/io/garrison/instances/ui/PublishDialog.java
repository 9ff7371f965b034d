package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.textfield.TextArea;
import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.StackSummary;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.util.List;

/** The last look before a draft goes to the instances: what it changes, and what stands in its way. */
final class PublishDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private final Div problems = new Div();

    PublishDialog(
            PolicyManagement policies, TenantScope scope, StackSummary stack, PolicyDiff diff, Runnable published) {
        var number = stack.latestRevision() + 1;
        setHeaderTitle("Review revision " + number + " of " + stack.name());
        setWidth("min(720px, 96vw)");
        var comment = new TextArea("What changes, and why");
        comment.setHelperText("For whoever reads the history; up to 1,000 characters");
        comment.setMaxLength(PolicyManagement.MAX_COMMENT_LENGTH);
        comment.setWidthFull();
        var effect = new Paragraph(
                stack.instances() == 0
                        ? "The stack has no instance yet. The first one that joins takes this revision."
                        : "%d of %d instances are connected and take it at once; the others when they are back. Connections that are open stay open."
                                .formatted(stack.connected(), stack.instances()));
        effect.addClassName("quiet");
        var content = new Div(problems, new DiffView(diff), effect, comment);
        content.addClassName("stacked");
        add(content);
        var publish = new Button("Publish revision " + number);
        publish.addThemeVariants(ButtonVariant.PRIMARY);
        publish.setEnabled(!diff.isEmpty());
        publish.addClickListener(click -> {
            try {
                var revision = scope.call(
                        () -> policies.publish(stack.id(), comment.getValue().strip()));
                close();
                Notices.done("Revision " + revision.number() + " is published");
                published.run();
            } catch (Refusal refusal) {
                tell(String.valueOf(refusal.getMessage()), refusal.errors());
            }
        });
        getFooter().add(new Button("Cancel", click -> close()), publish);
    }

    private void tell(String message, List<FieldError> errors) {
        problems.removeAll();
        var list = new UnorderedList();
        list.addClassName("problems");
        errors.forEach(
                error -> list.add(new ListItem(FieldErrors.sentence(error.message()) + " (" + error.field() + ")")));
        var hint = new Div(new Div(new Paragraph(message), list));
        hint.addClassNames("hint", "bad");
        hint.getElement().setAttribute("role", "alert");
        problems.add(hint);
    }
}
