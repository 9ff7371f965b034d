package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceDoctor.Examined;
import io.garrison.instances.InstanceDoctor.State;
import io.garrison.instances.InstanceId;
import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.Units;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the doctor of an instance found last, and the way to have it look again. */
final class DoctorPanel extends Div {
    private static final long serialVersionUID = 1L;

    private final transient InstanceDoctor doctor;
    private final transient TenantScope scope;
    private final transient InstanceId instance;
    private final Button run = new Button("Run doctor", click -> ask());
    private final Div progress = new Div();
    private final Div found = new Div();
    private transient @Nullable Examined shown;

    DoctorPanel(InstanceDoctor doctor, TenantScope scope, InstanceId instance) {
        this.doctor = doctor;
        this.scope = scope;
        this.instance = instance;
        addClassName("stacked");
        progress.addClassName("row");
        progress.getElement().setAttribute("aria-live", "polite");
        found.addClassName("stacked");
        add(new H3("Doctor"), progress, found);
        if (scope.may(Permission.INSTANCE_OPERATE)) {
            add(new Div(run));
        }
        load();
        Live.keep(this, this::load);
    }

    /** Whether the instance can be asked at all. */
    void mayAsk(boolean possible) {
        run.setVisible(possible);
    }

    private void load() {
        var examined = scope.call(() -> doctor.latest(instance));
        // What a reader has opened stays open as long as nothing has changed.
        if (!examined.equals(shown)) {
            show(examined);
        }
    }

    private void show(Examined examined) {
        shown = examined;
        run.setEnabled(examined.state() != State.WAITING && examined.state() != State.RUNNING);
        progress.removeAll();
        progress.add(state(examined));
        found.removeAll();
        var result = examined.result();
        if (result != null) {
            show(result, examined.cause().orElse(null));
        }
    }

    private static Component[] state(Examined examined) {
        var asked = new Ago(examined.askedAt());
        return switch (examined.state()) {
            case NEVER ->
                new Component[] {quiet("It looks at every layer of the instance, from its files to its peers.")};
            case WAITING ->
                new Component[] {new StateBadge(Signal.SPECIAL, "Waiting for the next heartbeat"), quiet("asked"), asked
                };
            case RUNNING ->
                new Component[] {
                    new StateBadge(Signal.SPECIAL, "Looking; what does not answer takes some minutes"),
                    quiet("asked"),
                    asked
                };
            case UNANSWERED ->
                new Component[] {
                    new StateBadge(Signal.WARNING, "No answer"),
                    quiet("The instance is cut off, or its agent is too old. Run garrison-edge doctor on the machine."),
                    asked
                };
            case DONE -> new Component[] {};
        };
    }

    private void show(Examination result, @Nullable Finding cause) {
        var bad = result.findings().stream()
                .filter(finding -> finding.outcome().equals("BAD"))
                .toList();
        var head = new Div(verdict(result, bad.size()), new Ago(result.endedAt()));
        head.addClassName("row");
        found.add(head);
        if (result.problem() != null) {
            found.add(quiet(result.problem()));
        }
        if (cause != null && bad.size() > 1) {
            found.add(quiet("Begin with the first: the others may only follow."));
        }
        if (!bad.isEmpty()) {
            found.add(list(bad));
        }
        var rest = result.findings().stream()
                .filter(finding -> !finding.outcome().equals("BAD"))
                .toList();
        if (!rest.isEmpty()) {
            found.add(new Details(Units.count(rest.size(), "other finding", "other findings"), list(rest)));
        }
    }

    private static StateBadge verdict(Examination result, int bad) {
        if (result.problem() != null) {
            return new StateBadge(Signal.WARNING, "It did not come to its end");
        }
        return bad == 0
                ? new StateBadge(Signal.GOOD, "Nothing is wrong")
                : new StateBadge(Signal.BAD, Units.count(bad, "trouble", "troubles"));
    }

    private static OrderedList list(List<Finding> findings) {
        var items = new OrderedList();
        items.addClassName("timeline");
        findings.forEach(finding -> items.add(item(finding)));
        return items;
    }

    private static ListItem item(Finding finding) {
        var head = new Div(badge(finding), new Span(StateWords.of(finding.layer())), mono(finding.id()));
        head.addClassName("row");
        var item = new ListItem(head, new Div(finding.found()));
        if (finding.fix() != null) {
            item.add(quiet(finding.fix()));
        }
        return item;
    }

    private static StateBadge badge(Finding finding) {
        return switch (finding.outcome()) {
            case "BAD" -> new StateBadge(Signal.BAD, "Bad");
            case "GOOD" -> new StateBadge(Signal.GOOD, "Good");
            default -> new StateBadge(Signal.UNKNOWN, "Not looked at");
        };
    }

    private static Span mono(String text) {
        var span = new Span(text);
        span.addClassName("mono");
        return span;
    }

    private static Span quiet(String text) {
        var span = new Span(text);
        span.addClassName("quiet");
        return span;
    }

    private void ask() {
        show(scope.call(() -> doctor.examine(instance)));
        Notices.done("The doctor looks with the instance's next heartbeat");
    }
}
