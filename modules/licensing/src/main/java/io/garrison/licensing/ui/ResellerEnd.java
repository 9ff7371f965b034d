package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Units;
import java.util.List;
import java.util.stream.Collectors;

/** Deletes a reseller, or tells what stands in the way of that. */
final class ResellerEnd {

    private static final int NAMED = 10;

    private ResellerEnd() {}

    static void ask(ProviderTools provider, ResellerSummary one, List<AllotmentSummary> allotments, Runnable changed) {
        var tenants = ResellerTenants.of(provider, one);
        if (tenants.isEmpty() && allotments.isEmpty()) {
            var problems = new FormProblems();
            DangerDialog.asking(
                            "Delete reseller",
                            one.slug(),
                            "Nothing hangs on it any more. What was recorded of it stays in the audit trail. This cannot be undone.",
                            new Div(),
                            () -> problems.attempt(() -> {
                                provider.resellers().delete(one.id(), one.version());
                                Notices.done(one.name() + " is deleted");
                                changed.run();
                            }))
                    .open();
            return;
        }
        tell(one, tenants, allotments);
    }

    private static void tell(ResellerSummary one, List<TenantSummary> tenants, List<AllotmentSummary> allotments) {
        var list = new UnorderedList();
        if (!tenants.isEmpty()) {
            list.add(new ListItem(Units.count(tenants.size(), "tenant belongs", "tenants belong") + " to it: "
                    + names(tenants) + ". Take back what belongs to it."));
        }
        if (!allotments.isEmpty()) {
            list.add(new ListItem("It has " + Units.count(allotments.size(), "part of a licence", "parts of licences")
                    + ". Release what it has; that needs everything that is cut from it to be revoked before."));
        }
        var dialog = new Dialog();
        dialog.setHeaderTitle(one.name() + " cannot be deleted yet");
        dialog.setWidth("min(480px, 92vw)");
        dialog.add(new Paragraph("This stands in the way:"), list);
        dialog.getFooter().add(new Button("Close", click -> dialog.close()));
        dialog.open();
    }

    private static String names(List<TenantSummary> tenants) {
        var named = tenants.stream().limit(NAMED).map(TenantSummary::name).collect(Collectors.joining(", "));
        return tenants.size() <= NAMED ? named : named + " and %d more".formatted(tenants.size() - NAMED);
    }
}
