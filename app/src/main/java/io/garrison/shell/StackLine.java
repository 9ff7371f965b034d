package io.garrison.shell;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.StackSummary;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;

/** One stack in two lines. */
final class StackLine extends Div {
    private static final long serialVersionUID = 1L;

    StackLine(TenantScope scope, StackSummary stack) {
        var words = new Span(stack.latestRevision() == 0 ? "Nothing published" : "Revision " + stack.latestRevision());
        words.addClassName("quiet");
        var state = stack.instances() == 0
                ? new StateBadge(Signal.UNKNOWN, "No instance")
                : new StateBadge(
                        stack.connected() == stack.instances() ? Signal.GOOD : Signal.WARNING,
                        stack.connected() + " of " + stack.instances() + " connected");
        var line = new Div(state, words);
        line.addClassName("row");
        add(new Anchor(scope.path("stacks/" + stack.id()), stack.name()), line);
    }
}
