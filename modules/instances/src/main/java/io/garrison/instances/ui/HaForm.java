package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.instances.HighAvailability;
import io.garrison.instances.HighAvailability.LeftOut;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.StackId;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.UnsavedChanges;
import java.util.List;

/** All sides of a stack's high availability in one form, saved at once or not at all (HA-00f). */
final class HaForm extends Div {
    private static final long serialVersionUID = 1L;

    private static final int MEMCACHED_PORT = 11_211;

    private final transient HighAvailability availability;
    private final transient TenantScope scope;
    private final transient StackId stack;
    private final transient Runnable saved;
    private final transient FieldErrors errors = new FieldErrors();

    final Select<HaMode> mode = new Select<>();
    final Select<Member> primary = new Select<>();
    final Checkbox mixed = new Checkbox("Mode by virtual service");
    final IntegerField port = new IntegerField("HA port");
    final IntegerField interval = new IntegerField("Peer check interval (ms)");
    final IntegerField threshold = new IntegerField("Peer failure threshold");
    final Span consequence = new Span();
    private final transient Touched touched = new Touched();
    final OwnFields own = new OwnFields(errors, touched);
    final ServiceModes services = new ServiceModes(errors, touched);
    private final Div sides = new Div();
    final RouterCards routers = new RouterCards(errors);
    final Details ownPart = new Details("Recovery, flaps, bandwidth and links", own);
    private final Details sidesPart = new Details("Each instance", sides);
    final Div overtaken = new Div();
    private transient List<SideFields> rows = List.of();
    private transient StackHa seen;
    private transient StackWish unchanged;

    HaForm(HighAvailability availability, TenantScope scope, StackId stack, Runnable saved) {
        this.availability = availability;
        this.scope = scope;
        this.stack = stack;
        this.saved = saved;
        addClassName("stacked");
        explain();
        lay();
        seen = scope.call(() -> availability.ofStack(stack));
        touched.fill(() -> show(seen));
        showRouters();
        unchanged = wish();
        UnsavedChanges.guard(this);
        touched.onChange(this::mark);
        routers.onChange(this::mark);
    }

    /** Whether something was typed that is not saved. */
    boolean isUnsaved() {
        return scope.may(Permission.STACK_MANAGE) && (overtaken.isVisible() || !wish().equals(unchanged));
    }

    private void mark() {
        UnsavedChanges.mark(this, isUnsaved());
    }

    private void explain() {
        mode.setLabel("Mode");
        mode.setItems(HaMode.NONE, HaMode.ACTIVE_PASSIVE, HaMode.ACTIVE_ACTIVE);
        mode.setItemLabelGenerator(HaWords::of);
        mode.setHelperText("Two that share the load are active-active, more are a cluster");
        mode.addValueChangeListener(change -> adapt());
        primary.setLabel("Primary instance");
        primary.setItemLabelGenerator(member -> member == null ? "None" : member.name());
        primary.setEmptySelectionAllowed(true);
        primary.setEmptySelectionCaption("None");
        primary.setHelperText("Holds the addresses as long as it is healthy; where one serves, exactly one is needed");
        mixed.addValueChangeListener(change -> adapt());
        interval.setHelperText("50–60\u202f000, in steps of 10; default 2\u202f000");
        threshold.setHelperText("Checks that must be missing in a row, 1–50; default 2");
        for (var one : List.of(port, interval, threshold)) {
            one.setValueChangeMode(ValueChangeMode.EAGER);
            one.addValueChangeListener(change -> adapt());
        }
        touched.watch(mode, primary, mixed, port, interval, threshold);
        overtaken.setText(
                "Somebody else has changed these settings. Theirs are shown now; what you typed is kept. Look, and"
                        + " save again.");
        overtaken.addClassNames("hint", "warning");
        overtaken.getElement().setAttribute("role", "alert");
        overtaken.setVisible(false);
        consequence.getElement().setAttribute("role", "status");
        consequence.addClassName("quiet");
    }

    private void lay() {
        errors.at("/mode", mode)
                .at("/trafficMode", mode)
                .at("/instances", primary)
                .at("/port", port)
                .at("/peerCheckIntervalMs", interval)
                .at("/peerFailureThreshold", threshold);
        var basics = form(mode, primary, port, interval, threshold);
        sides.addClassName("stacked");
        add(
                errors.others(),
                basics,
                mixed,
                services,
                consequence,
                ownPart,
                sidesPart,
                new H3("Virtual routers"),
                routers,
                overtaken,
                own.differ);
        if (scope.may(Permission.STACK_MANAGE)) {
            var save = new Button("Save all sides", click -> save());
            save.addThemeVariants(ButtonVariant.PRIMARY);
            add(new Div(save));
        } else {
            List.of(basics, own, sides, routers, services).forEach(part -> part.setEnabled(false));
            mixed.setEnabled(false);
        }
    }

    static Div form(Component... fields) {
        var form = new Div(fields);
        form.addClassName("form");
        return form;
    }

    private void show(StackHa ha) {
        seen = ha;
        var settings = ha.settings();
        var shared = settings.shared();
        primary.setItems(ha.members());
        mode.setValue(shared.mode() == HaMode.CLUSTER ? HaMode.ACTIVE_ACTIVE : shared.mode());
        primary.setValue(ha.members().stream()
                .filter(member ->
                        settings.primary().filter(member.id().value()::equals).isPresent())
                .findFirst()
                .orElse(null));
        mixed.setValue(settings.trafficMode() == TrafficMode.MIXED);
        port.setValue(shared.port());
        interval.setValue(shared.peerCheckIntervalMs());
        threshold.setValue(shared.peerFailureThreshold());
        services.show(ha);
        own.show(settings.sides(), ha.members().size());
        rows = ha.members().stream().map(this::row).toList();
        sides.removeAll();
        for (int at = 0; at < rows.size(); at++) {
            var row = rows.get(at);
            var id = row.member().id().value();
            row.show(settings.side(id).orElseGet(() -> Side.untold(id)));
            row.register(errors, "/instances/" + at);
            sides.add(row);
        }
        adapt();
    }

    private void showRouters() {
        routers.members(seen.members());
        routers.show(seen);
        errors.show(seen.leftOut().stream().map(LeftOut::reason).toList());
        adapt();
    }

    /** The one that there is, so that what was typed in it stays. */
    private SideFields row(Member member) {
        return rows.stream()
                .filter(row -> row.member().equals(member))
                .findFirst()
                .orElseGet(() -> new SideFields(member, touched));
    }

    /** Tells while it is typed what it leads to. */
    private void adapt() {
        mixed.setVisible(mode.getValue() == HaMode.ACTIVE_ACTIVE);
        services.setVisible(isMixed());
        routers.under(mode.getValue());
        consequence.setText(
                interval.getValue() == null || threshold.getValue() == null
                        ? ""
                        : "A silent peer counts as failed after %s."
                                .formatted(HaWords.seconds((long) interval.getValue() * threshold.getValue())));
        var wanted = port.getValue();
        boolean memcached = wanted != null && (wanted == MEMCACHED_PORT || wanted == MEMCACHED_PORT - 1);
        port.setHelperText(
                memcached
                        ? "11211 is memcached's port: scanners look for it, and firewalls close it. Default 10101"
                        : "TCP between the instances, with the port after it; 1–65534; default 10101");
        port.setClassName("warning-help", memcached);
    }

    private void save() {
        errors.show(List.of());
        services.register();
        if (!routers.areComplete()) {
            return;
        }
        var wish = wish();
        var losses = HaLoss.of(seen.settings(), wish);
        if (losses.isEmpty()) {
            write(wish);
        } else {
            HaLoss.ask(losses, () -> write(wish));
        }
    }

    private void write(StackWish wish) {
        try {
            var after = scope.call(() -> availability.change(stack, seen.version(), wish));
            overtaken.setVisible(false);
            touched.fill(() -> show(after));
            showRouters();
            unchanged = wish();
            mark();
            Notices.done("All sides are saved; the instances learn it with their next heartbeat");
            saved.run();
        } catch (Refusal refusal) {
            refuse(refusal);
        }
    }

    private void refuse(Refusal refusal) {
        if (refusal.kind() == Refusal.Kind.STALE) {
            readAgain();
            return;
        }
        errors.show(refusal.errors());
        ownPart.setOpened(ownPart.isOpened() || FieldErrors.areIn(own));
        sidesPart.setOpened(sidesPart.isOpened() || FieldErrors.areIn(sides));
        if (refusal.errors().isEmpty()) {
            Notices.refused(refusal);
        }
    }

    /** Somebody was faster: what they saved comes in where nothing was typed here. */
    private void readAgain() {
        var fresh = scope.call(() -> availability.ofStack(stack));
        if (primary.getValue() != null && !fresh.members().contains(primary.getValue())) {
            touched.forget(primary);
        }
        touched.fillAround(() -> show(fresh));
        if (!routers.isTouched()) {
            showRouters();
        }
        adapt();
        overtaken.setVisible(true);
    }

    private StackWish wish() {
        var chosen = primary.getValue();
        var shared = new SharedSettings(mode.getValue(), number(port), number(interval), number(threshold));
        var wished = rows.stream()
                .map(row -> row.side(own.settings(row.shown().ha(), row.member().equals(chosen))))
                .toList();
        var traffic = switch (shared.mode()) {
            case NONE -> null;
            case ACTIVE_PASSIVE -> TrafficMode.ACTIVE_PASSIVE;
            case ACTIVE_ACTIVE, CLUSTER -> isMixed() ? TrafficMode.MIXED : TrafficMode.ACTIVE_ACTIVE;
        };
        return new StackWish(traffic, shared, wished, routers.routers(), services.modes());
    }

    private boolean isMixed() {
        return mixed.getValue() && mode.getValue() == HaMode.ACTIVE_ACTIVE;
    }

    static int number(IntegerField field) {
        return field.getValue() == null ? -1 : field.getValue(); // refused by its range
    }
}
