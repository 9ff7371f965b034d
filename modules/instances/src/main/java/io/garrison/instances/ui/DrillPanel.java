package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.instances.ClusterStatus;
import io.garrison.instances.Drills;
import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.DrillWish;
import io.garrison.instances.StackId;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.Drill.Kind;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Failovers that were rehearsed, with what they took, and the way to rehearse one. */
final class DrillPanel extends Div {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 20;
    private static final int USUAL_SECONDS = 10;

    private final transient Drills drills;
    private final transient TenantScope scope;
    private final transient StackId stack;
    private final Div list = new Div();
    private final Button rehearse = new Button("Rehearse a failover", click -> ask());
    private transient List<String> routers = List.of();

    DrillPanel(Drills drills, TenantScope scope, StackId stack) {
        this.drills = drills;
        this.scope = scope;
        this.stack = stack;
        addClassName("stacked");
        add(list);
        if (scope.may(Permission.INSTANCE_OPERATE)) {
            add(new Div(rehearse));
        }
    }

    void show(ClusterStatus status) {
        routers = status.members().stream()
                .flatMap(member -> member.routers().stream())
                .map(RouterState::name)
                .distinct()
                .sorted()
                .toList();
        rehearse.setEnabled(!routers.isEmpty());
        rehearse.setTooltipText(routers.isEmpty() ? "No instance tells of a virtual router." : "");
        var known = scope.call(() -> drills.of(stack, null, SHOWN));
        list.removeAll();
        if (known.isEmpty()) {
            var none = new Span("None yet. A rehearsal shows how long clients would wait if the holder failed.");
            none.addClassName("quiet");
            list.add(none);
            return;
        }
        var items = new OrderedList();
        items.addClassName("timeline");
        known.forEach(drill -> items.add(item(drill, status)));
        list.add(items);
    }

    private static ListItem item(DrillSummary drill, ClusterStatus status) {
        var head = new Div(badge(drill), new Span("Router " + drill.router()), new Ago(drill.startsAt()));
        head.addClassName("row");
        var what = new Span("%s, from %s for %d s: %s"
                .formatted(
                        StateWords.of(drill.kind().name()), name(status, drill), drill.holdSeconds(), drill.reason()));
        what.addClassName("quiet");
        return new ListItem(
                head,
                new Div(drill.problem() == null ? figures(drill.yielded(), drill.probed()) : drill.problem()),
                what);
    }

    private static String name(ClusterStatus status, DrillSummary drill) {
        return status.members().stream()
                .filter(member -> member.instanceId().equals(drill.yielder().value()))
                .map(ClusterStatus.Member::name)
                .findFirst()
                .orElse("an instance that has left");
    }

    private static StateBadge badge(DrillSummary drill) {
        var word = StateBadge.words(drill.state());
        return switch (drill.state()) {
            case PLANNED, RUNNING -> new StateBadge(Signal.SPECIAL, word);
            case DONE -> new StateBadge(Signal.GOOD, word);
            case FAILED -> new StateBadge(Signal.BAD, word);
            case UNANSWERED -> new StateBadge(Signal.WARNING, word);
        };
    }

    static String figures(@Nullable DrillResult yielded, @Nullable DrillResult probed) {
        var words = new ArrayList<String>();
        Stream.of(yielded, probed).filter(Objects::nonNull).forEach(told -> words.addAll(figures(told)));
        return String.join(", ", words);
    }

    private static List<String> figures(@Nullable DrillResult told) {
        var words = new ArrayList<String>();
        if (told == null) {
            return words;
        }
        if (told.takeoverMs() != null) {
            words.add("taken over after " + HaWords.seconds(told.takeoverMs()));
        }
        if (told.longestGapMs() != null) {
            words.add("longest gap " + HaWords.seconds(told.longestGapMs()));
        }
        if (told.probes() != null && told.failedProbes() != null) {
            words.add("%d of %d probes failed".formatted(told.failedProbes(), told.probes()));
        }
        if (told.sessionsKept() != null && told.sessionsTotal() != null) {
            words.add("%d of %d sessions kept".formatted(told.sessionsKept(), told.sessionsTotal()));
        }
        if (told.problem() != null) {
            words.add("problem: " + told.problem());
        }
        return words;
    }

    private void ask() {
        var router = new Select<String>();
        router.setLabel("Router");
        router.setItems(routers);
        router.setValue(routers.getFirst());
        var kind = new Select<Kind>();
        kind.setLabel("Kind");
        kind.setItems(Kind.values());
        kind.setItemLabelGenerator(
                each -> each == Kind.GRACEFUL ? "Graceful: it hands over" : "Fault: as if it had failed");
        kind.setValue(Kind.GRACEFUL);
        var hold = new IntegerField("For how long (s)");
        hold.setHelperText("1–300; default 10");
        hold.setValue(USUAL_SECONDS);
        var reason = new TextField("Reason");
        var consent = new Checkbox("I know that connections through this router break");
        var problems = new FormProblems()
                .field("holdSeconds", hold)
                .field("reason", reason)
                .field("consent", consent);
        var form = new Div(
                new Paragraph("The holder gives the router's addresses up for that long, and a backup measures what"
                        + " clients notice. It begins as soon as both have heard of it."),
                HaForm.form(router, kind, hold, reason),
                consent);
        form.addClassName("stacked");
        new EditDialog(
                        "Rehearse a failover",
                        "Rehearse",
                        form,
                        () -> problems.attempt(() -> plan(new DrillWish(
                                router.getValue(),
                                kind.getValue(),
                                null,
                                HaForm.number(hold),
                                consent.getValue(),
                                reason.getValue()))))
                .open();
    }

    private void plan(DrillWish wish) {
        var planned = scope.call(() -> drills.rehearse(stack, wish));
        Notices.done("The rehearsal of %s is planned".formatted(planned.router()));
    }
}
