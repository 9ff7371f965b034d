package io.garrison.shell;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.instances.FleetView;
import io.garrison.instances.FleetView.Filter;
import io.garrison.instances.FleetView.FleetInstance;
import io.garrison.instances.InstanceHealth;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.LifecycleState;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Instances that somebody should look at, the worst first, each with its cause. */
final class TroubleList extends Div {
    private static final long serialVersionUID = 1L;

    private static final int EACH = 6;
    private static final int SHOWN = 8;

    private final transient FleetView fleet;
    private final transient Workspace workspace;

    TroubleList(FleetView fleet, Workspace workspace) {
        this.fleet = fleet;
        this.workspace = workspace;
    }

    void load() {
        Map<Object, FleetInstance> found = new LinkedHashMap<>();
        gather(found, new Filter(null, LifecycleState.LOST, null, null, null));
        gather(found, new Filter(null, null, SyncState.FAILED, null, null));
        gather(found, new Filter(null, null, null, InstanceHealth.DOWN, null));
        gather(found, new Filter(null, null, SyncState.OUT_OF_SYNC, null, null));
        gather(found, new Filter(null, null, null, InstanceHealth.DEGRADED, null));
        gather(found, new Filter(null, LifecycleState.SUSPECT, null, null, null));
        var tenants = workspace.available().stream()
                .collect(Collectors.toMap(TenantSummary::id, tenant -> tenant, (one, other) -> one));
        removeAll();
        if (found.isEmpty()) {
            add(new StateBadge(Signal.GOOD, "Nothing: every instance is connected, in sync and healthy"));
            return;
        }
        var list = new UnorderedList();
        list.addClassName("timeline");
        found.values().stream().limit(SHOWN).forEach(row -> list.add(item(row, tenants)));
        add(list);
    }

    private void gather(Map<Object, FleetInstance> found, Filter filter) {
        fleet.find(filter, 0, EACH)
                .forEach(row -> found.putIfAbsent(row.instance().id(), row));
    }

    private static ListItem item(FleetInstance row, Map<TenantId, TenantSummary> tenants) {
        var instance = row.instance();
        var tenant = Optional.ofNullable(tenants.get(row.tenantId()));
        var name = new Anchor(
                tenant.map(one -> "t/" + one.slug() + "/instances?q=" + instance.name())
                        .orElse("instances"),
                instance.name());
        var where = new Span(tenant.map(TenantSummary::name).orElse("") + ", stack " + instance.stackName());
        where.addClassName("quiet");
        var line = new Div(badge(instance), name, where);
        if (instance.lastSeen() != null) {
            line.add(new Ago(instance.lastSeen()));
        }
        line.addClassName("row");
        var item = new ListItem(line);
        if (instance.error() != null) {
            var why = new Div(instance.error().message());
            why.addClassName("quiet");
            item.add(why);
        }
        return item;
    }

    private static StateBadge badge(InstanceSummary instance) {
        if (instance.lifecycleState() == LifecycleState.LOST) {
            return new StateBadge(Signal.BAD, "Lost");
        }
        if (instance.syncState() == SyncState.FAILED) {
            return new StateBadge(Signal.BAD, "Revision refused");
        }
        if (instance.health() == InstanceHealth.DOWN) {
            return new StateBadge(Signal.BAD, "Down");
        }
        if (instance.syncState() == SyncState.OUT_OF_SYNC) {
            return new StateBadge(Signal.WARNING, "Out of sync");
        }
        return instance.health() == InstanceHealth.DEGRADED
                ? new StateBadge(Signal.WARNING, "Degraded")
                : new StateBadge(Signal.WARNING, "Suspect");
    }
}
