package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;

/** Suspends, resumes and revokes, each after saying what it does and asking why. */
final class StateDialogs {

    private final SubLicenseTools tools;
    private final TenantScope scope;
    private final SubLicenseSummary one;
    private final Runnable changed;

    StateDialogs(SubLicenseTools tools, TenantScope scope, SubLicenseSummary one, Runnable changed) {
        this.tools = tools;
        this.scope = scope;
        this.one = one;
        this.changed = changed;
    }

    void suspend() {
        var reason = new ReasonField();
        ask(
                "Suspend",
                "Nothing new is made or published under it until it is resumed. Instances keep their seats, its share of the"
                        + " licence pool stays, traffic keeps flowing. The tenant is told.",
                reason,
                () -> scope.call(() -> tools.operations().suspend(one.id(), reason.reason())),
                "The sub-licence is suspended");
    }

    void resume() {
        var reason = new ReasonField();
        ask(
                "Resume",
                "What it grants can be used again, as far as its validity goes.",
                reason,
                () -> scope.call(() -> tools.operations().resume(one.id(), reason.reason())),
                "The sub-licence is resumed");
    }

    private void ask(String verb, String consequence, ReasonField reason, Runnable work, String done) {
        var words = new Paragraph(consequence);
        words.addClassName("wide");
        var form = new Div(words, reason);
        form.addClassName("form");
        var problems = new FormProblems();
        var dialog = new EditDialog(
                verb + " sub-licence of " + scope.name(),
                verb,
                form,
                () -> reason.isComplete()
                        && problems.attempt(() -> {
                            work.run();
                            Notices.done(done);
                            changed.run();
                        }));
        reason.onChange(dialog::changed);
        dialog.open();
    }

    void revoke() {
        var running = scope.call(() -> tools.operations().preview(one.id(), Terms.of(one.entitlements())))
                .running();
        var rule = new LeaseRuleChoice(IfLeasesBreak.GRACE);
        rule.setVisible(running > 0);
        var reason = new ReasonField();
        var form = new Div(rule, reason);
        form.addClassName("form");
        var problems = new FormProblems().field("ifLeasesBreak", rule.problems());
        DangerDialog.asking(
                        "Revoke sub-licence",
                        scope.slug(),
                        consequence(running),
                        form,
                        () -> rule.isComplete()
                                && reason.isComplete()
                                && problems.attempt(() -> {
                                    scope.call(() -> tools.operations().revoke(one.id(), rule.rule(), reason.reason()));
                                    Notices.done("The sub-licence is revoked");
                                    changed.run();
                                }))
                .open();
    }

    private String consequence(long running) {
        var back = LicenseWords.summary(one.entitlements());
        return running == 0
                ? "%s go back to the licence pool at once. No instance runs under it. Nothing new can be made under it, and it cannot be had back."
                        .formatted(back)
                : "%s go back to the licence pool, after a grace if you give one. %s under it: they keep running and their traffic keeps flowing, but their seats are not renewed. Nothing new can be made under it, and it cannot be had back."
                        .formatted(back, Units.count(running, "instance runs", "instances run"));
    }
}
