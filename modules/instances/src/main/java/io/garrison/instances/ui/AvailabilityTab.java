package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.ClusterStatus;
import io.garrison.instances.StackManagement;
import io.garrison.instances.StackSummary;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;

/** How the instances of a stack stand in for each other: how it is, how it shall be, and what has happened. */
final class AvailabilityTab extends Div implements Unsaved {
    private static final long serialVersionUID = 1L;

    private static final int EVENTS = 50;

    private final transient AvailabilityServices services;
    private final transient TenantScope scope;
    private final transient StackSummary stack;
    private final Div alarms = new Div();
    private final Div members = new Div();
    private final Div events = new Div();
    private final DrillPanel drills;
    private final HaForm settings;

    AvailabilityTab(AvailabilityServices services, StackManagement stacks, TenantScope scope, StackSummary stack) {
        this.services = services;
        this.scope = scope;
        this.stack = stack;
        addClassName("stacked");
        alarms.addClassName("stacked");
        alarms.getElement().setAttribute("role", "status");
        members.addClassName("stacked");
        drills = new DrillPanel(services.drills(), scope, stack.id());
        settings = new HaForm(services.settings(), scope, stack.id(), this::refresh);
        add(
                alarms,
                new Section("Members", members),
                new Section("Lost instances", new RetirementPanel(stacks, scope, stack)),
                new Section("Settings", settings),
                new Section("Rehearsals", drills),
                new Section("What happened", events));
        refresh();
        // The form stays as it is being typed.
        Live.keep(members, this::refresh);
    }

    @Override
    public boolean isUnsaved() {
        return settings.isUnsaved();
    }

    private void refresh() {
        var status = scope.call(() -> services.watch().cluster(stack.id()));
        showAlarms(status);
        members.removeAll();
        members.add(facts(status), new MemberCards(status.members()));
        drills.show(status);
        events.removeAll();
        events.add(new EventList(scope.call(() -> services.watch().events(stack.id(), null, EVENTS))));
    }

    /** Bypass first and in the colour of alarm: nobody inspects what passes. */
    private void showAlarms(ClusterStatus status) {
        alarms.removeAll();
        status.warnings().stream()
                .sorted((a, b) -> Boolean.compare(isAlarm(b.code()), isAlarm(a.code())))
                .forEach(warning -> {
                    var hint = new Div(new Span(warning.message()));
                    hint.addClassNames("hint", isAlarm(warning.code()) ? "bad" : "warning");
                    alarms.add(hint);
                });
        alarms.setVisible(!status.warnings().isEmpty());
    }

    private static boolean isAlarm(String code) {
        return HaWords.ALARMS.contains(code);
    }

    /** Shared addresses and decisions survive differently many failures. */
    static String mayFail(ClusterStatus status) {
        if (status.mode() == HaMode.NONE) {
            return "None: no address moves";
        }
        return status.members().size() == 2
                ? "1 for shared addresses; decisions need the primary"
                : Integer.toString(status.toleratedFailures());
    }

    private static Facts facts(ClusterStatus status) {
        var facts = new Facts()
                .with("Kind", HaWords.of(status.label()))
                .with(
                        "Healthy",
                        status.healthyMembers() + " of " + status.members().size())
                .with("May fail", mayFail(status));
        if (status.mode() != HaMode.NONE) {
            facts.with("A silent peer is down after", HaWords.seconds(status.detectionMs()));
        }
        if (status.clusterEnabled()) {
            facts.with("Term", Long.toString(status.term()))
                    .with("Shared state exchanged", new Ago(status.sync().lastRuleSync()));
        }
        return facts.with("Configuration confirmed", new Ago(status.sync().lastConfigSync()));
    }
}
