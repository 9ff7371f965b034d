package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.IntegerField;
import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.EnrollmentTokens.NewToken;
import io.garrison.instances.EnrollmentTokens.TokenSummary;
import io.garrison.instances.StackId;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.CopyField;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import java.util.function.Consumer;

/** The tokens with which machines join a stack. A token is shown once. */
final class EnrolmentTab extends Div {
    private static final long serialVersionUID = 1L;

    private final transient EnrollmentTokens tokens;
    private final transient TenantScope scope;
    private final transient StackId stack;

    EnrolmentTab(EnrollmentTokens tokens, TenantScope scope, StackId stack) {
        this.tokens = tokens;
        this.scope = scope;
        this.stack = stack;
        addClassName("list");
        load();
    }

    private void load() {
        removeAll();
        var all = scope.call(() -> tokens.list(stack));
        var make = new Button("Make enrolment token", VaadinIcon.PLUS.create(), click -> ask());
        make.setVisible(scope.may(Permission.STACK_MANAGE));
        if (all.isEmpty()) {
            add(new EmptyState(
                    VaadinIcon.CONNECT,
                    "No enrolment token",
                    "A field engineer uses a token once, on the machine that is to become an instance of this stack.",
                    make));
            return;
        }
        var bar = new Div(make);
        bar.addClassName("filters");
        var grid = new Grid<TokenSummary>();
        grid.addComponentColumn(one -> badge(one.state())).setHeader("State").setAutoWidth(true);
        grid.addColumn(one -> one.used() + " of " + one.uses())
                .setHeader("Used")
                .setAutoWidth(true);
        grid.addColumn(Ago.<TokenSummary>column(TokenSummary::createdAt, false)).setHeader("Made");
        grid.addColumn(Ago.<TokenSummary>column(TokenSummary::expiresAt, false)).setHeader("Expires");
        if (scope.may(Permission.STACK_MANAGE)) {
            grid.addComponentColumn(this::revoke).setAutoWidth(true).setFlexGrow(0);
        }
        grid.setItems(all);
        add(bar, grid);
    }

    private Button revoke(TokenSummary one) {
        var button = new Button("Revoke", click -> {
            scope.run(() -> tokens.revoke(stack, one.id()));
            Notices.done("The token is revoked");
            load();
        });
        button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL, ButtonVariant.ERROR);
        button.setVisible(one.state() == TokenSummary.State.USABLE);
        return button;
    }

    static StateBadge badge(TokenSummary.State state) {
        return new StateBadge(
                switch (state) {
                    case USABLE -> Signal.GOOD;
                    case SPENT -> Signal.UNKNOWN;
                    case EXPIRED -> Signal.WARNING;
                    case REVOKED -> Signal.BAD;
                },
                StateBadge.words(state));
    }

    void ask() {
        ask(EnrolmentTab::show);
    }

    /** For machines that have joined another installation before. */
    void askForMoved() {
        ask(EnrolmentTab::showForMoved);
    }

    private void ask(Consumer<NewToken> made) {
        var minutes = new IntegerField("Valid for (minutes)");
        minutes.setValue(EnrollmentTokens.DEFAULT_TTL_MINUTES);
        minutes.setHelperText("1–1,440; default 60");
        var uses = new IntegerField("Machines");
        uses.setValue(1);
        uses.setHelperText("How many may join with it, 1–1,000");
        var form = new Div(minutes, uses);
        form.addClassName("form");
        var problems = new FormProblems().field("ttlMinutes", minutes).field("uses", uses);
        new EditDialog(
                        "Make enrolment token",
                        "Make token",
                        form,
                        () -> problems.attempt(() -> {
                            var token = scope.call(() -> tokens.create(stack, number(minutes), number(uses)));
                            load();
                            made.accept(token);
                        }))
                .open();
    }

    private static int number(IntegerField field) {
        return field.getValue() == null ? 0 : field.getValue();
    }

    static void show(NewToken token) {
        show(
                "Run this on the machine. It is shown only now; if it gets lost, make another.",
                new CopyField("Command", token.command()),
                new CopyField("Token", token.token()));
    }

    private static void showForMoved(NewToken token) {
        show(
                "On the machine, stop the agent, run the first command with the directory that the agent has had, and start the"
                        + " agent with the second. It is shown only now; if it gets lost, make another.",
                new CopyField("Join", token.command() + " --force"),
                new CopyField("Start", "./garrison edge run --state DIR"));
    }

    private static void show(String what, CopyField... fields) {
        var dialog = new Dialog();
        dialog.setHeaderTitle("Enrolment token");
        dialog.setWidth("min(720px, 96vw)");
        dialog.setCloseOnOutsideClick(false);
        var content = new Div(new Paragraph(what));
        content.add(fields);
        content.addClassName("stacked");
        dialog.add(content);
        dialog.getFooter().add(new Button("I have it", click -> dialog.close()));
        dialog.open();
    }
}
