package io.garrison.instances.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.instances.ClusterStatus;
import io.garrison.instances.Drills;
import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.State;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackId;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.FailedState;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Failovers that were rehearsed, with what they took, and the way to rehearse one. */
final class DrillPanel extends Div {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 20;

    private final transient Drills drills;
    private final transient TenantScope scope;
    private final transient StackId stack;
    private final Div list = new Div();
    private final Button rehearse = new Button("Rehearse a failover", VaadinIcon.PLAY.create(), click -> ask());
    private final Button older = new Button("Show older", click -> more());
    private final Span why = new Span("No instance tells of a virtual router now, so there is nothing to rehearse.");
    private transient List<String> routers = List.of();
    private transient Map<UUID, String> names = Map.of();
    private int most = PAGE;
    private boolean read;

    DrillPanel(Drills drills, TenantScope scope, StackId stack) {
        this.drills = drills;
        this.scope = scope;
        this.stack = stack;
        addClassName("stacked");
        older.addThemeVariants(ButtonVariant.TERTIARY);
        older.setVisible(false);
        add(list, new Div(older));
        if (mayOperate()) {
            why.addClassName("quiet");
            var row = new Div(rehearse, why);
            row.addClassName("row");
            add(row);
        }
    }

    private boolean mayOperate() {
        return scope.may(Permission.INSTANCE_OPERATE);
    }

    void show(ClusterStatus status) {
        names = status.members().stream()
                .collect(Collectors.toMap(ClusterStatus.Member::instanceId, ClusterStatus.Member::name));
        routers = status.members().stream()
                .flatMap(member -> member.routers().stream())
                .map(RouterState::name)
                .distinct()
                .sorted()
                .toList();
        rehearse.setEnabled(!routers.isEmpty());
        why.setVisible(routers.isEmpty());
        refresh();
    }

    /** What was shown stays when it can't be read again. */
    private void refresh() {
        try {
            var known = scope.call(() -> drills.of(stack, null, most + 1));
            older.setVisible(known.size() > most);
            list.removeAll();
            list.add(known.isEmpty() ? none() : items(known));
            read = true;
        } catch (Refusal refusal) {
            throw refusal;
        } catch (RuntimeException failure) {
            if (read) {
                throw failure;
            }
            older.setVisible(false);
            list.removeAll();
            list.add(new FailedState("The rehearsals could not be read", failure, this::refresh));
        }
    }

    private void more() {
        most += PAGE;
        refresh();
    }

    private static Component none() {
        return new EmptyState(
                VaadinIcon.TIMER,
                "No failover was rehearsed yet",
                "A rehearsal moves a virtual router's addresses to a backup for some seconds, and measures how long"
                        + " clients would wait if the holder failed.");
    }

    private Component items(List<DrillSummary> known) {
        var items = new OrderedList();
        items.addClassName("timeline");
        known.stream().limit(most).forEach(drill -> items.add(item(drill)));
        return items;
    }

    private ListItem item(DrillSummary drill) {
        var head =
                new Div(DrillWords.badge(drill), new Span("Router " + drill.router()), Ago.absolute(drill.startsAt()));
        head.addClassName("row");
        var item = new ListItem(head);
        if (drill.state() == State.PLANNED) {
            item.add(waiting(drill, head));
        }
        var figures = new Div();
        figures.addClassName("figures-line");
        DrillWords.figures(drill).forEach(figure -> figures.add(new Span(figure)));
        var problems = new UnorderedList();
        problems.addClassName("problems");
        DrillWords.problems(drill).forEach(problem -> problems.add(new ListItem(problem)));
        var what = new Div("%s, from %s for %d s, asked for by %s: %s"
                .formatted(
                        StateBadge.words(drill.kind()),
                        name(drill.yielder()),
                        drill.holdSeconds(),
                        drill.askedBy(),
                        drill.reason()));
        what.addClassName("quiet");
        List.of(figures, problems).stream()
                .filter(part -> part.getElement().getChildCount() > 0)
                .forEach(item::add);
        item.add(what);
        return item;
    }

    private Component waiting(DrillSummary drill, Div head) {
        var words = new Div(new Span("Begins "), new Ago(drill.startsAt()));
        if (!drill.cancellable()) {
            words.add(new Span(". The instances know of it, so it can't be cancelled any more."));
        } else if (mayOperate()) {
            var cancel = new Button("Cancel rehearsal", click -> confirm(drill));
            cancel.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR, ButtonVariant.SMALL);
            head.add(cancel);
        }
        return words;
    }

    private String name(InstanceId instance) {
        return names.getOrDefault(instance.value(), "an instance that has left");
    }

    private void confirm(DrillSummary drill) {
        var ask = new ConfirmDialog();
        ask.setHeader("Cancel the rehearsal of router %s?".formatted(drill.router()));
        ask.setText(new Div(
                new Span("It was to begin "),
                Ago.absolute(drill.startsAt()),
                new Span(". No instance knows of it yet, so clients notice nothing.")));
        ask.setCancelable(true);
        ask.setCancelText("Keep it");
        ask.setConfirmText("Cancel rehearsal");
        ask.setConfirmButtonTheme("error primary");
        ask.addConfirmListener(yes -> cancel(drill));
        ask.open();
    }

    private void cancel(DrillSummary drill) {
        try {
            scope.run(() -> drills.cancel(stack, drill.id()));
            Notices.done("The rehearsal of router %s is cancelled".formatted(drill.router()));
        } catch (Refusal refusal) {
            Notices.refused(refusal);
        }
        refresh();
    }

    private void ask() {
        new DrillDialog(routers, wish -> {
                    var planned = scope.call(() -> drills.rehearse(stack, wish));
                    Notices.done("The rehearsal of router %s is planned".formatted(planned.router()));
                    refresh();
                })
                .open();
    }
}
