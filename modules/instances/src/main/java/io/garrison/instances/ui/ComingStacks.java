package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.MovePreview;
import io.garrison.instances.MovePreview.Coming;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.util.List;

/** What a file of configuration would bring, stack by stack. */
final class ComingStacks extends Div {
    private static final long serialVersionUID = 1L;

    ComingStacks(MovePreview found) {
        addClassName("stacked");
        var exported = new Div(new Span("Exported "), new Ago(found.exportedAt()));
        exported.addClassName("quiet");
        add(exported);
        found.stacks().forEach(stack -> add(card(stack)));
    }

    private static Div card(Coming stack) {
        var card = new Div(
                new H3(stack.name()),
                new Span(revisions(stack)),
                quiet("Virtual services", stack.services()),
                quiet("Certificates", stack.certificates()),
                MoveWords.quiet("Traffic: " + StateBadge.words(stack.trafficMode())));
        card.addClassName("policy-card");
        for (var warning : stack.warnings()) {
            var hint = new Div(new Span(warning.message()));
            hint.addClassNames("hint", "warning");
            card.add(hint);
        }
        var conflict = stack.conflict();
        if (conflict != null) {
            card.add(MoveWords.bad(conflict.message() + advice(conflict.code())));
        }
        return card;
    }

    static String revisions(Coming stack) {
        if (stack.revisions() == 0) {
            return "Nothing was published; its draft comes along";
        }
        if (stack.revisions() == 1) {
            return "1 revision, number %d; what it says is published here as %d"
                    .formatted(stack.newest(), stack.newest() + 1);
        }
        return "%s, %d to %d; what %d says is published here as %d"
                .formatted(
                        Units.count(stack.revisions(), "revision", "revisions"),
                        stack.oldest(),
                        stack.newest(),
                        stack.newest(),
                        stack.newest() + 1);
    }

    private static Paragraph quiet(String what, List<String> names) {
        return MoveWords.quiet(what + ": " + (names.isEmpty() ? "none" : String.join(", ", names)));
    }

    private static String advice(String code) {
        return switch (code) {
            case "move.stack-exists" -> " Delete it here first, if what comes is to take its place.";
            case "stack.name-taken" -> " Rename the one that is here.";
            default -> "";
        };
    }
}
