package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableHeader;
import com.vaadin.flow.component.html.NativeTableHeaderCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceException;
import io.garrison.instances.InstanceManagement;
import io.garrison.instances.InstanceSummary;
import io.garrison.instances.LifecycleState;
import io.garrison.protocol.Report.ServiceState;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One instance: what it is doing, why, what to do about it, and what can be done to it. */
final class InstanceDetail extends Div {
    private static final long serialVersionUID = 1L;

    private final transient InstanceManagement instances;
    private final transient TenantScope scope;
    private final transient Consumer<InstanceSummary> changed;
    private final Div body = new Div();
    private final DoctorPanel doctor;

    /** @param changed told when an action went through */
    InstanceDetail(
            InstanceManagement instances,
            InstanceDoctor doctor,
            TenantScope scope,
            InstanceSummary instance,
            Consumer<InstanceSummary> changed) {
        this.instances = instances;
        this.scope = scope;
        this.changed = changed;
        this.doctor = new DoctorPanel(doctor, scope, instance.id());
        addClassName("stacked");
        body.addClassName("stacked");
        add(body, this.doctor);
        show(instance);
    }

    void show(InstanceSummary instance) {
        body.removeAll();
        var states = new Div(
                InstanceStates.badge(instance.lifecycleState()),
                InstanceStates.badge(instance.syncState()),
                InstanceStates.badge(instance.health()));
        states.addClassName("row");
        body.add(states);
        explain(instance);
        body.add(InstanceFacts.of(instance, scope));
        if (!instance.virtualServices().isEmpty()) {
            body.add(new H3("Virtual services on this instance"), services(instance.virtualServices()));
        }
        if (scope.may(Permission.INSTANCE_OPERATE)) {
            body.add(actions(instance));
        }
        doctor.mayAsk(instance.lifecycleState().mayDialIn());
    }

    private void explain(InstanceSummary instance) {
        var error = instance.error();
        if (error != null) {
            var hint = new Div(new Span("Revision " + error.revision() + " was refused: " + error.message()));
            hint.addClassNames("hint", "bad");
            body.add(hint);
        }
        var advice = InstanceStates.advice(instance);
        if (!advice.isEmpty()) {
            var hint = new Div(new Span(advice));
            hint.addClassNames("hint", "warning");
            body.add(hint);
        }
    }

    private static Component services(List<ServiceState> services) {
        var table = new NativeTable();
        table.addClassName("plain");
        var head = new NativeTableRow();
        head.add(
                new NativeTableHeaderCell("Service"),
                new NativeTableHeaderCell("State"),
                new NativeTableHeaderCell("Members up"));
        table.add(new NativeTableHeader(head));
        for (var service : services) {
            var name = new NativeTableCell(service.name());
            var where = new Div(service.address() + ":" + service.port());
            where.addClassNames("quiet", "mono");
            name.add(where);
            table.add(new NativeTableRow(
                    name,
                    new NativeTableCell(new StateBadge(signal(service.state()), StateWords.of(service.state()))),
                    new NativeTableCell(service.membersUp() + " of " + service.membersTotal())));
        }
        return table;
    }

    static Signal signal(String serviceState) {
        return switch (serviceState) {
            case "UP" -> Signal.GOOD;
            case "DEGRADED" -> Signal.WARNING;
            case "DOWN" -> Signal.BAD;
            case "DISABLED" -> Signal.SPECIAL;
            default -> Signal.UNKNOWN; // written by an edge of another version
        };
    }

    private Component actions(InstanceSummary instance) {
        List<Component> buttons = new ArrayList<>();
        var state = instance.lifecycleState();
        if (state == LifecycleState.MAINTENANCE) {
            buttons.add(new Button(
                    "Resume", click -> act("Takes new clients again", () -> instances.resume(instance.id()))));
        } else if (state.mayDialIn()) {
            buttons.add(new Button(
                    "Drain",
                    click -> act(
                            "Turns new clients away with its next heartbeat", () -> instances.drain(instance.id()))));
        }
        if (state.mayDialIn()) {
            buttons.add(dangerous(
                    "Quarantine",
                    instance,
                    "Its certificates are revoked at once and its seat is freed. Its traffic flows on with the policy"
                            + " it has. What it counted and has not delivered is not billed, unless you let it be"
                            + " taken afterwards. To be managed again, the machine has to enrol anew.",
                    force -> instances.quarantine(instance.id(), force)));
        }
        if (state != LifecycleState.RETIRED) {
            buttons.add(dangerous(
                    "Decommission",
                    instance,
                    "Its certificates are revoked, its seat is freed, and it leaves the lists. What it reported is"
                            + " kept. What it counted and has not delivered "
                            + (state.mayDialIn() ? "is still taken for a while." : afterQuarantine(instance)),
                    force -> instances.decommission(instance.id(), force)));
        }
        if (!state.mayDialIn()) {
            buttons.add(lastUsage(instance));
        }
        var row = new Div(buttons.toArray(Component[]::new));
        row.addClassName("row");
        return row;
    }

    /** A person has decided, and that stays. */
    private static String afterQuarantine(InstanceSummary instance) {
        return instance.registersUntil() == null
                ? "is not billed, unless you let it be taken."
                : "is taken until the time that is shown.";
    }

    private Button lastUsage(InstanceSummary instance) {
        return instance.registersUntil() == null
                ? new Button(
                        "Take its last usage",
                        click -> act(
                                "May deliver what it has counted", () -> instances.takeRegisters(instance.id(), true)))
                : new Button(
                        "Take no more usage",
                        click -> act("Delivers no more usage", () -> instances.takeRegisters(instance.id(), false)));
    }

    private Button dangerous(String verb, InstanceSummary instance, String consequence, ShutOut act) {
        var button = new Button(
                verb,
                click -> new DangerDialog(verb + " instance", instance.name(), consequence, () -> {
                            try {
                                act(done(verb), () -> act.shutOut(false));
                            } catch (InstanceException.HoldsAddresses held) {
                                force(verb, instance, held, act);
                            }
                        })
                        .open());
        button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
        return button;
    }

    private void force(String verb, InstanceSummary instance, InstanceException.HoldsAddresses held, ShutOut act) {
        new DangerDialog(
                        verb + " all the same",
                        instance.name(),
                        held.getMessage()
                                + " Do it all the same only if the machine is off or off the network, or will be"
                                + " at once.",
                        () -> act(done(verb), () -> act.shutOut(true)))
                .open();
    }

    private static String done(String verb) {
        return verb.equals("Quarantine") ? "quarantined" : "decommissioned";
    }

    private interface ShutOut {
        InstanceSummary shutOut(boolean force);
    }

    private void act(String done, Supplier<InstanceSummary> action) {
        var after = scope.call(action);
        show(after);
        changed.accept(after);
        Notices.done(after.name() + ": " + done.toLowerCase(java.util.Locale.ROOT));
    }
}
