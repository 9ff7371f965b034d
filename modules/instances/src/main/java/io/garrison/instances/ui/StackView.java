package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.tabs.Tabs;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.BeforeLeaveEvent;
import com.vaadin.flow.router.BeforeLeaveObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import io.garrison.instances.InstanceException;
import io.garrison.instances.StackId;
import io.garrison.instances.StackSummary;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import io.garrison.tenancy.ui.UnsavedChanges;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One stack: its policy, certificates, revisions, and the way for machines to join it. */
@Route("t/:tenant/stacks/:stack")
@Screen(permission = Permission.STACK_VIEW, ofTenant = true)
@PermitAll
class StackView extends Composite<Div> implements BeforeEnterObserver, BeforeLeaveObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient StackServices services;
    private final transient TenantScopes scopes;
    private final transient ListState state = new ListState();
    private final Div body = new Div();
    private transient TenantScope scope = TenantScope.NOWHERE;
    private transient @Nullable StackSummary stack;
    private PageHeader header = new PageHeader("");

    StackView(StackServices services, TenantScopes scopes) {
        this.services = services;
        this.scopes = scopes;
        getContent().addClassName("page");
        Live.keep(this, this::refreshHeader);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        state.read(event.getLocation());
        var id = event.getRouteParameters().get("stack").orElse("");
        try {
            stack = scope.call(() -> services.stacks().get(new StackId(UUID.fromString(id))));
        } catch (InstanceException.NotFound | IllegalArgumentException e) {
            throw new NotFoundException("no such stack"); // as for an address that is nobody's
        }
        lay();
    }

    private StackSummary shown() {
        if (stack == null) {
            throw new IllegalStateException("the page has not been entered");
        }
        return stack;
    }

    private void reload() {
        stack = scope.call(() -> services.stacks().get(shown().id()));
        lay();
    }

    private void refreshHeader() {
        stack = scope.call(() -> services.stacks().get(shown().id()));
        describe();
    }

    private void lay() {
        header = new PageHeader(shown().name()).under("Stacks", scope.path("stacks"));
        var balancer = new Button(
                "Balancer in front", click -> new BalancerDialog(services.balancers(), scope, shown()).open());
        balancer.addThemeVariants(ButtonVariant.TERTIARY);
        if (scope.may(Permission.STACK_MANAGE)) {
            var delete = new Button("Delete stack", click -> delete());
            delete.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
            var enrol = new Button("Add instance", VaadinIcon.PLUS.create(), click -> {
                new EnrolmentTab(services.tokens(), scope, shown().id()).ask();
            });
            header.actions(balancer, delete, enrol);
        } else {
            header.actions(balancer);
        }
        describe();
        getContent().removeAll();
        getContent().add(header, tabs(), body);
    }

    private void describe() {
        var all = shown().instances();
        var connected = shown().connected();
        var signal = all == 0 ? Signal.UNKNOWN : connected == all ? Signal.GOOD : Signal.WARNING;
        var badges = new ArrayList<Component>(List.of(
                new StateBadge(signal, all == 0 ? "No instance" : connected + " of " + all + " connected"),
                new StateBadge(
                        shown().latestRevision() == 0 ? Signal.UNKNOWN : Signal.GOOD,
                        shown().latestRevision() == 0 ? "Nothing published" : "Revision " + shown().latestRevision())));
        alarms().ifPresent(badges::add);
        header.badges(badges.toArray(Component[]::new));
        header.facts(
                new Span(StateBadge.words(shown().trafficMode())),
                new Anchor(scope.path("instances?q=" + shown().name()), "Its instances"));
    }

    /** That traffic suffers is told whichever tab is looked at. */
    private Optional<Component> alarms() {
        var alarms = scope.call(() -> services.availability().watch().cluster(shown().id())).warnings().stream()
                .filter(warning -> HaWords.ALARMS.contains(warning.code()))
                .map(Warning::message)
                .toList();
        return alarms.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new StateBadge(Signal.BAD, Units.count(alarms.size(), "alarm", "alarms") + " of availability")
                                .because(String.join("\n", alarms)));
    }

    private Tabs tabs() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("policy", "Services and pools");
        names.put("certificates", "Certificates");
        names.put("revisions", "Revisions");
        names.put("ha", "High availability");
        names.put("enrolment", "Enrolment");
        var wanted = state.get("tab").filter(names::containsKey).orElse("policy");
        var tabs = new StackTabs(names, wanted, this::isUnsaved, key -> {
            state.put("tab", key);
            show(key);
        });
        show(wanted);
        return tabs;
    }

    private boolean isUnsaved() {
        return body.getChildren().anyMatch(part -> part instanceof Unsaved form && form.isUnsaved());
    }

    @Override
    public void beforeLeave(BeforeLeaveEvent event) {
        if (isUnsaved()) {
            UnsavedChanges.ask(StackTabs.NOT_SAVED, event);
        }
    }

    private void show(String tab) {
        body.removeAll();
        Component content = switch (tab) {
            case "certificates" -> new CertificatesTab(services.certificates(), scope, shown().id());
            case "revisions" -> new RevisionsTab(services.policies(), scope, shown(), this::reload);
            case "ha" -> new AvailabilityTab(services.availability(), services.stacks(), scope, shown());
            case "enrolment" -> new EnrolmentTab(services.tokens(), scope, shown().id());
            default ->
                new PolicyTab(
                        services.policies(),
                        services.certificates(),
                        services.stacks(),
                        scope,
                        shown(),
                        this::refreshHeader);
        };
        body.add(content);
    }

    private void delete() {
        new DangerDialog(
                        "Delete stack",
                        shown().name(),
                        "Its policy, revisions, certificates and tokens are deleted. Usage that was recorded stays.",
                        () -> {
                            scope.run(() -> services.stacks().delete(shown().id(), shown().version()));
                            body.removeAll(); // what was typed for it is not missed
                            Notices.done("Stack " + shown().name() + " is deleted");
                            getUI().ifPresent(ui -> ui.navigate(scope.path("stacks")));
                        })
                .open();
    }

    @Override
    public String getPageTitle() {
        return shown().name() + " – " + scope.name() + " – Garrison";
    }
}
