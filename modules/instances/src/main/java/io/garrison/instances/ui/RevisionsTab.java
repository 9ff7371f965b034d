package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.instances.PolicyManagement;
import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.instances.StackSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.util.List;

/** What was published, by whom and why; each revision against the one before, and the way back to it. */
final class RevisionsTab extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 200;

    private final transient PolicyManagement policies;
    private final transient TenantScope scope;
    private final transient StackSummary stack;
    private final transient Runnable published;

    RevisionsTab(PolicyManagement policies, TenantScope scope, StackSummary stack, Runnable published) {
        this.policies = policies;
        this.scope = scope;
        this.stack = stack;
        this.published = published;
        addClassName("list");
        var revisions = scope.call(() -> policies.revisions(stack.id(), null, SHOWN));
        if (revisions.isEmpty()) {
            add(new EmptyState(
                    VaadinIcon.FILE_TREE,
                    "Nothing is published yet",
                    "Each publication becomes a numbered, signed revision that never changes. Edit the policy, review it,"
                            + " and publish it."));
        } else {
            add(grid(revisions));
        }
    }

    private Grid<RevisionSummary> grid(List<RevisionSummary> revisions) {
        var grid = new Grid<RevisionSummary>();
        grid.addColumn(RevisionSummary::number)
                .setHeader("Revision")
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(one -> one.comment().isEmpty() ? "–" : one.comment())
                .setHeader("What and why")
                .setFlexGrow(3);
        grid.addColumn(RevisionSummary::publishedBy).setHeader("By").setAutoWidth(true);
        grid.addColumn(Ago.<RevisionSummary>column(RevisionSummary::publishedAt, false))
                .setHeader("When")
                .setAutoWidth(true);
        grid.addColumn(one -> one.rollbackOf() == null ? "" : "back to " + one.rollbackOf())
                .setHeader("Roll-back")
                .setAutoWidth(true);
        grid.addClassName("clickable");
        grid.setItems(revisions);
        grid.addItemClickListener(click -> open(click.getItem()));
        return grid;
    }

    private void open(RevisionSummary revision) {
        var diff = scope.call(() -> policies.diff(stack.id(), revision.number() - 1, revision.number()));
        var dialog = new Dialog();
        dialog.setHeaderTitle("Revision " + revision.number());
        dialog.setWidth("min(720px, 96vw)");
        var facts = new Facts()
                .with("Published", Ago.absolute(revision.publishedAt()))
                .with("By", revision.publishedBy())
                .with("Why", revision.comment())
                .code("SHA-256", revision.sha256());
        var content = new Div(facts, new DiffView(diff));
        content.addClassName("stacked");
        dialog.add(content);
        if (scope.may(Permission.POLICY_EDIT) && revision.number() != stack.latestRevision()) {
            dialog.getFooter().add(new Button("Roll back to " + revision.number(), click -> {
                dialog.close();
                back(revision);
            }));
        }
        dialog.getFooter().add(new Button("Close", click -> dialog.close()));
        dialog.open();
    }

    private void back(RevisionSummary revision) {
        var next = stack.latestRevision() + 1;
        var diff = scope.call(() -> policies.diff(stack.id(), stack.latestRevision(), revision.number()));
        var dialog = new Dialog();
        dialog.setHeaderTitle("Roll back to revision " + revision.number());
        dialog.setWidth("min(720px, 96vw)");
        var content = new Div(
                new DiffView(diff),
                new Paragraph("Its content is published again as revision " + next + ", and becomes the draft too."));
        content.addClassName("stacked");
        dialog.add(content);
        var publish = new Button("Publish revision " + next, click -> {
            var comment = "Roll-back to revision " + revision.number();
            if (new FormProblems()
                    .attempt(() -> scope.call(() -> policies.rollback(stack.id(), revision.number(), comment)))) {
                dialog.close();
                Notices.done("Revision " + next + " is published");
                published.run();
            }
        });
        publish.addThemeVariants(ButtonVariant.PRIMARY);
        dialog.getFooter().add(new Button("Cancel", click -> dialog.close()), publish);
        dialog.open();
    }
}
