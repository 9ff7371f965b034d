package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import io.garrison.instances.ConfigurationSync;
import io.garrison.instances.ConfigurationSync.Keep;
import io.garrison.instances.ConfigurationSync.Side;
import io.garrison.instances.ConfigurationSync.StackState;
import io.garrison.instances.ConfigurationSync.State;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import org.jspecify.annotations.Nullable;

/** One stack at both machines, and the choice between what they have where both have changed. */
final class SyncStackPanel extends Div {
    private static final long serialVersionUID = 1L;

    private final transient ConfigurationSync sync;
    private final transient TenantScope scope;
    private final transient StackState stack;
    private final transient Runnable chosen;

    SyncStackPanel(ConfigurationSync sync, TenantScope scope, StackState stack, Runnable chosen) {
        this.sync = sync;
        this.scope = scope;
        this.stack = stack;
        this.chosen = chosen;
        addClassName("stacked");
        var name = new Div(new H3(stack.name()), ConfigurationSyncView.badge(stack.state()));
        name.addClassName("name");
        add(name, new Facts().with("Here", words(stack.mine())).with("At the peer", words(stack.theirs())));
        var trouble = stack.trouble();
        if (trouble != null) {
            add(hint(trouble.message()));
        }
        if (stack.state() == State.CONFLICT) {
            layConflict();
        } else if (stack.state() == State.BEHIND && stack.choice() == null) {
            layBehind();
        }
        if (stack.choice() != null) {
            add(new Paragraph("Somebody has chosen; it is done as soon as the peer answers."));
        }
    }

    private static String words(@Nullable Side side) {
        return side == null
                ? "nothing published"
                : "revision " + side.revision() + ", " + side.sha256().substring(0, 12);
    }

    private static Div hint(String words) {
        var hint = new Div(new Paragraph(words));
        hint.addClassNames("hint", "bad");
        hint.getElement().setAttribute("role", "status");
        return hint;
    }

    private void layConflict() {
        add(new Paragraph(
                "Both machines have published since they were last the same. Nothing moves until you choose. What is"
                        + " not kept stays among the revisions of its machine, and can be gone back to."));
        var difference = stack.conflict();
        if (difference == null) {
            add(new Paragraph("What the peer has is being fetched, to be shown here."));
            return;
        }
        var title = new Paragraph("Taking the peer's would change here:");
        add(title, new DiffView(difference));
        if (scope.may(Permission.POLICY_EDIT) && stack.choice() == null) {
            var choices = new Div(choice("Keep mine", Keep.MINE), choice("Take theirs", Keep.THEIRS));
            choices.addClassName("filters");
            add(choices);
        }
    }

    private void layBehind() {
        if (scope.may(Permission.POLICY_EDIT)) {
            add(choice("Take theirs", Keep.THEIRS));
        }
    }

    private Button choice(String verb, Keep keep) {
        return new Button(
                verb,
                click -> new DangerDialog(
                                verb,
                                stack.name(),
                                keep == Keep.MINE
                                        ? "The peer publishes what this machine has, and serves it at once."
                                        : "This machine publishes what the peer has, and serves it at once.",
                                () -> choose(keep))
                        .open());
    }

    private void choose(Keep keep) {
        var theirs = stack.theirs();
        try {
            scope.run(() -> {
                var unused = sync.resolve(stack.name(), keep, theirs == null ? null : theirs.sha256());
            });
            Notices.done("Chosen; it is done as soon as the peer answers");
        } catch (Refusal refusal) {
            Notices.refused(refusal);
        }
        chosen.run();
    }
}
