package io.garrison.shell;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.garrison.reporting.TrafficStatistics.TenantTraffic;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Meter;
import io.garrison.tenancy.ui.Units;
import java.util.List;
import java.util.stream.Collectors;

/** The tenants with the most traffic, against the largest. */
final class TopTenants extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 7;

    private final transient Workspace workspace;

    TopTenants(Workspace workspace) {
        this.workspace = workspace;
        addClassName("stacked");
    }

    void show(List<TenantTraffic> rows) {
        var tenants = workspace.available().stream()
                .collect(Collectors.toMap(TenantSummary::id, tenant -> tenant, (one, other) -> one));
        removeAll();
        if (rows.isEmpty()) {
            var none = new Span("No tenant had traffic.");
            none.addClassName("quiet");
            add(none);
            return;
        }
        var most = (double) Math.max(1, bytes(rows.getFirst()));
        for (var row : rows.stream().limit(SHOWN).toList()) {
            var tenant = tenants.get(row.tenantId());
            if (tenant != null) {
                var name = new Anchor("t/" + tenant.slug() + "/traffic", tenant.name());
                // compared with the largest, not with a limit: the bar never turns into a warning
                add(new Div(
                        name,
                        new Meter(
                                Math.min(0.89, bytes(row) / most),
                                Units.bytes(bytes(row)) + ", " + Units.count(row.requests(), "request", "requests")
                                        + (row.denied() == 0 ? "" : ", " + Units.count(row.denied()) + " refused"))));
            }
        }
    }

    private static long bytes(TenantTraffic row) {
        return row.bytesIn() + row.bytesOut();
    }
}
