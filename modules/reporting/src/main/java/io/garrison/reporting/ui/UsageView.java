package io.garrison.reporting.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceDirectory.StackEntry;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageReports;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.RangeBar;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a tenant used, from the registers that bills are made of. */
@Route("t/:tenant/usage")
@Screen(menu = "Usage", icon = VaadinIcon.BAR_CHART, order = 60, permission = Permission.USAGE_VIEW, ofTenant = true)
@PermitAll
class UsageView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient UsageReports usage;
    private final transient InstanceDirectory directory;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private final RangeBar ranges;
    private final Div body = new Div();
    private transient TenantScope scope = TenantScope.NOWHERE;

    UsageView(UsageReports usage, InstanceDirectory directory, TenantScopes scopes, Clock clock) {
        this.usage = usage;
        this.directory = directory;
        this.scopes = scopes;
        this.ranges = new RangeBar(clock, state, this::load);
        getContent().addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        state.read(event.getLocation());
        ranges.read(RangeBar.Last.DAY);
        var name = "usage-" + scope.slug();
        getContent().removeAll();
        getContent()
                .add(
                        new PageHeader("Usage")
                                .actions(
                                        ranges,
                                        UsageExport.csv(name, this::pages, tenant -> scope.slug()),
                                        UsageExport.jsonLines(name, this::pages, tenant -> scope.slug())),
                        body);
        load();
    }

    private UsagePages pages() {
        var range = ranges.range();
        var query = new UsageQuery(range.from(), range.to());
        return cursor -> scope.call(() -> usage.wholeStreamsOfTenant(query, cursor));
    }

    private void load() {
        var stacks = scope.call(() -> directory.stacks().stream()
                .collect(Collectors.toMap(stack -> stack.stackId().value(), StackEntry::name)));
        body.removeAll();
        body.add(new UsagePanel(
                "Virtual service",
                pages(),
                record -> stacks.getOrDefault(record.stackId(), shortened(record.stackId())) + " / "
                        + record.virtualService(),
                ranges.now()));
    }

    private static String shortened(UUID stack) {
        return "deleted stack " + stack.toString().substring(0, 8);
    }

    @Override
    public String getPageTitle() {
        return "Usage – " + scope.name() + " – Garrison";
    }
}
