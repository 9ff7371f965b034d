package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.LeaseRule;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.SubLicenseOperations.Preview;
import io.garrison.licensing.SubLicenseOperations.Terms;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import java.util.List;

/** Sets what a sub-licence grants. Asks what that would do with each change, and changes nothing until it is confirmed. */
final class ResizeDialog {

    private final SubLicenseTools tools;
    private final TenantScope scope;
    private final SubLicenseSummary one;
    private final LicensePool pool;
    private final Runnable resized;

    private final EntitlementFields fields = new EntitlementFields(this::ask);
    private final WhatIf whatIf;
    private final LeaseRuleChoice rule = new LeaseRuleChoice(IfLeasesBreak.REFUSE);
    private final ReasonField reason = new ReasonField();
    private final FormProblems problems;

    /** @param pool that it is cut from, as it is */
    ResizeDialog(SubLicenseTools tools, TenantScope scope, SubLicenseSummary one, LicensePool pool, Runnable resized) {
        this.tools = tools;
        this.scope = scope;
        this.one = one;
        this.pool = pool;
        this.resized = resized;
        List<ConsumptionView.Line> used = scope.call(() -> tools.consumption().of(one.id()));
        whatIf = new WhatIf(one, used);
        problems = fields.register(new FormProblems()).field("ifLeasesBreak", rule.problems());
    }

    void open() {
        fields.set(one.entitlements(), one.overages());
        fields.offer(pool);
        rule.setVisible(false);
        var form = new Div(fields, whatIf, rule, reason);
        form.addClassName("form");
        var dialog = new EditDialog("Resize sub-licence of " + scope.name(), "Resize", form, this::save).wide();
        fields.addAttachListener(attach -> ask());
        rule.onChange(dialog::changed);
        reason.onChange(dialog::changed);
        LicenseWords.COUNTED.forEach(metric -> fields.of(metric).onChange(dialog::changed));
        dialog.open();
    }

    private Terms terms() {
        return new Terms(fields.entitlements(), fields.rules());
    }

    private void ask() {
        fields.show(pool, one.entitlements()::limit);
        var asked = terms();
        if (asked.entitlements().equals(one.entitlements()) && fields.overages().equals(one.overages())) {
            whatIf.nothing();
            rule.setVisible(false);
            return;
        }
        try {
            tell(asked, scope.call(() -> tools.operations().preview(one.id(), asked)));
        } catch (Refusal refusal) {
            whatIf.refused(refusal);
        }
    }

    private void tell(Terms asked, Preview preview) {
        preview.refusals().forEach(problems::mark);
        rule.setVisible(!preview.breaking().isEmpty());
        whatIf.show(asked, preview);
    }

    private boolean save() {
        return fields.isComplete() && rule.isComplete() && reason.isComplete() && problems.attempt(this::resize);
    }

    private void resize() {
        var how = rule.isVisible() ? rule.rule() : LeaseRule.REFUSE;
        scope.call(() -> tools.operations().resize(one.id(), terms(), how, reason.reason()));
        Notices.done("The sub-licence is resized and signed again");
        resized.run();
    }
}
