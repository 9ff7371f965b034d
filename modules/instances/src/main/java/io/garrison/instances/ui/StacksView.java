package io.garrison.instances.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.instances.TrafficMode;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.util.List;

/** A tenant's stacks. */
@Route("t/:tenant/stacks")
@Screen(menu = "Stacks", icon = VaadinIcon.CLUSTER, order = 20, permission = Permission.STACK_VIEW, ofTenant = true)
@PermitAll
class StacksView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 500;

    private final transient StackManagement stacks;
    private final transient SubLicenseAdministration licenses;
    private final transient TenantScopes scopes;
    private transient TenantScope scope = TenantScope.NOWHERE;

    StacksView(StackManagement stacks, SubLicenseAdministration licenses, TenantScopes scopes) {
        this.stacks = stacks;
        this.licenses = licenses;
        this.scopes = scopes;
        getContent().addClassNames("page", "fill");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        lay();
    }

    private void lay() {
        getContent().removeAll();
        var all = scope.call(() -> stacks.list(null, SHOWN));
        var header = new PageHeader("Stacks");
        getContent().add(header);
        var create = new Button("Create stack", VaadinIcon.PLUS.create(), click -> create());
        create.addThemeVariants(ButtonVariant.PRIMARY);
        create.setVisible(scope.may(Permission.STACK_MANAGE));
        var move = new Button(all.isEmpty() ? "Take over a configuration" : "Move configuration", click -> move(all));
        move.addThemeVariants(ButtonVariant.TERTIARY);
        move.setTooltipText("When the tenant goes to another installation, or comes from one");
        move.setVisible(scope.may(Permission.STACK_MANAGE));
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.CLUSTER,
                            "No stack yet",
                            "A stack is a group of instances that run one policy.",
                            create,
                            move));
            return;
        }
        header.actions(move, create);
        getContent().add(grid(all));
    }

    private void move(List<StackSummary> all) {
        var page = scope.path(MoveView.PATH) + (all.isEmpty() ? "?tab=" + MoveView.COMING : "");
        getUI().ifPresent(ui -> ui.navigate(page));
    }

    private Grid<StackSummary> grid(List<StackSummary> all) {
        var grid = new Grid<StackSummary>();
        grid.addColumn(StackSummary::name)
                .setHeader("Stack")
                .setWidth("170px")
                .setFlexGrow(2)
                .setSortable(true);
        grid.addComponentColumn(StacksView::instances).setHeader("Instances").setAutoWidth(true);
        grid.addColumn(one -> one.latestRevision() == 0 ? "none" : Long.toString(one.latestRevision()))
                .setHeader("Revision")
                .setAutoWidth(true);
        grid.addColumn(one -> StateBadge.words(one.trafficMode()))
                .setHeader("Traffic")
                .setAutoWidth(true);
        grid.addColumn(Ago.<StackSummary>column(StackSummary::createdAt, false))
                .setHeader("Created")
                .setComparator(StackSummary::createdAt)
                .setSortable(true)
                .setAutoWidth(true);
        grid.addClassName("clickable");
        grid.setItems(all);
        grid.addItemClickListener(click -> getUI().ifPresent(
                        ui -> ui.navigate(scope.path("stacks/" + click.getItem().id()))));
        return grid;
    }

    private static StateBadge instances(StackSummary stack) {
        if (stack.instances() == 0) {
            return new StateBadge(Signal.UNKNOWN, "None");
        }
        return new StateBadge(
                stack.connected() == stack.instances() ? Signal.GOOD : Signal.WARNING,
                stack.connected() + " of " + stack.instances() + " connected");
    }

    private void create() {
        var name = new TextField("Name");
        name.setHelperText("1–63 letters, digits, blanks, . _ -; unique in this tenant");
        var license = new Select<SubLicenseSummary>();
        license.setLabel("Sub-licence");
        var inForce = scope.call(() -> licenses.list(null, SHOWN)).stream()
                .filter(one -> one.state().isInForce())
                .toList();
        license.setItems(inForce);
        license.setItemLabelGenerator(StacksView::label);
        license.setHelperText(inForce.isEmpty() ? "There is no sub-licence in force. Ask the provider for one." : "");
        if (inForce.size() == 1) {
            license.setValue(inForce.getFirst());
        }
        var mode = new RadioButtonGroup<TrafficMode>("Instances share traffic");
        mode.setItems(TrafficMode.values());
        mode.setItemLabelGenerator(StateBadge::words);
        mode.setHelperText("Stored and shown; every instance serves its own addresses");
        mode.setValue(TrafficMode.ACTIVE_ACTIVE);
        var form = new Div(name, license, mode);
        form.addClassName("form");
        var problems = new FormProblems().field("name", name).field("subLicenseId", license);
        var dialog = new EditDialog("Create stack", "Create stack", form, () -> {
            if (license.isEmpty()) {
                license.setErrorMessage("Choose the sub-licence that pays for it.");
                license.setInvalid(true);
                return false;
            }
            return problems.attempt(() -> {
                var stack = scope.call(() -> stacks.create(
                        name.getValue().strip(), license.getValue().id(), mode.getValue()));
                Notices.done("Stack " + stack.name() + " is created");
                getUI().ifPresent(ui -> ui.navigate(scope.path("stacks/" + stack.id())));
            });
        });
        name.addValueChangeListener(change -> dialog.changed());
        dialog.open();
    }

    static String label(SubLicenseSummary license) {
        var granted = license.entitlements();
        return "%s, %s, %s"
                .formatted(
                        license.id().toString().substring(0, 8),
                        Units.count(granted.instances(), "instance", "instances"),
                        Units.bitsPerSecond(granted.throughputBps()));
    }

    @Override
    public String getPageTitle() {
        return "Stacks – " + scope.name() + " – Garrison";
    }
}
