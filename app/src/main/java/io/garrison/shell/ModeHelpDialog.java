package io.garrison.shell;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.ModeAdvisor;
import io.garrison.tenancy.ModeAdvisor.Cost;
import io.garrison.tenancy.ModeAdvisor.Judged;
import io.garrison.tenancy.ModeAdvisor.Situation;
import io.garrison.tenancy.ModeAdvisor.Weight;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.util.function.Consumer;

/** Asks about a customer, and says meanwhile which deployment mode suits, why, and what each takes. */
final class ModeHelpDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private static final double MEBIBYTE = 1024.0 * 1024;

    private final transient ModeAdvisor advisor;
    private final transient Consumer<DeploymentMode> chosen;
    private final IntegerField instances = number("Instances", 2, 1, "Machines that carry the customer's traffic");
    private final IntegerField spareInstance =
            number("Spare memory per instance (MiB)", 0, 0, "What the traffic does not need");
    private final IntegerField spareMachine =
            number("Memory of a further machine (MiB)", 0, 0, "That the customer has for management; 0 if none");
    private final IntegerField others =
            number("Instances of all other customers", 0, 0, "Whom your own management serves");
    private final Checkbox own = new Checkbox("Wants management that nobody else shares");
    private final Checkbox stay = new Checkbox("Logs and statistics must stay at the customer");
    private final Checkbox reachable = new Checkbox("Instances reach your edge gateway", true);
    private final Checkbox kubernetes = new Checkbox("You run Kubernetes, PostgreSQL, Kafka and OpenSearch");
    private final Div answer = new Div();

    /** @param chosen gets the mode that the person takes over */
    ModeHelpDialog(ModeAdvisor advisor, int otherInstances, Consumer<DeploymentMode> chosen) {
        this.advisor = advisor;
        this.chosen = chosen;
        others.setValue(otherInstances);
        setHeaderTitle("Which mode suits?");
        setWidth("min(860px, 96vw)");
        setMaxHeight("94vh");
        var numbers = new Div(instances, spareInstance, spareMachine, others);
        numbers.addClassName("form");
        var questions = new Div(own, stay, reachable, kubernetes);
        questions.addClassName("stacked");
        answer.addClassName("stacked");
        answer.getElement().setAttribute("aria-live", "polite");
        var all = new Div(numbers, questions, answer);
        all.addClassName("stacked");
        add(all);
        getFooter().add(new Button("Close", click -> close()));
        for (var field : new IntegerField[] {instances, spareInstance, spareMachine, others}) {
            field.setValueChangeMode(ValueChangeMode.EAGER);
            field.addValueChangeListener(change -> advise());
        }
        for (var box : new Checkbox[] {own, stay, reachable, kubernetes}) {
            box.addValueChangeListener(change -> advise());
        }
        advise();
    }

    private static IntegerField number(String label, int value, int min, String help) {
        var field = new IntegerField(label);
        field.setValue(value);
        field.setMin(min);
        field.setHelperText(help);
        return field;
    }

    private void advise() {
        answer.removeAll();
        new FormProblems()
                .field("instances", instances)
                .field("spareInstanceMebibytes", spareInstance)
                .field("spareMachineMebibytes", spareMachine)
                .field("providerInstances", others)
                .attempt(this::show);
    }

    private void show() {
        var advice = advisor.advise(new Situation(
                value(instances),
                own.getValue(),
                stay.getValue(),
                reachable.getValue(),
                kubernetes.getValue(),
                value(spareInstance),
                value(spareMachine),
                value(others)));
        for (var judged : advice.modes()) {
            answer.add(card(judged, judged.mode() == advice.recommended()));
        }
        var source =
                new Span("Measured without visitors at %s, on %s.".formatted(advice.measuredAt(), advice.measuredOn()));
        source.addClassName("quiet");
        answer.add(source);
    }

    private static int value(IntegerField field) {
        return field.getValue() == null ? 0 : field.getValue();
    }

    private Div card(Judged judged, boolean recommended) {
        var words = StateBadge.words(judged.mode());
        var head = new Div(new H3(words), badge(judged, recommended));
        head.addClassName("row");
        var reasons = new UnorderedList();
        reasons.getStyle().set("list-style", "none").set("margin", "0").set("padding", "0");
        judged.reasons().forEach(reason -> reasons.add(new ListItem(sign(reason.weight()) + " " + reason.message())));
        var cost = new Span(cost(judged.cost()));
        cost.addClassName("quiet");
        var card = new Div(head, reasons, cost);
        card.addClassName("stacked");
        if (judged.possible()) {
            var take = new Button("Use " + words.toLowerCase(java.util.Locale.ROOT), click -> {
                close();
                chosen.accept(judged.mode());
            });
            take.getStyle().set("align-self", "start");
            if (recommended) {
                take.addThemeVariants(ButtonVariant.PRIMARY);
            }
            card.add(take);
        }
        return card;
    }

    private static StateBadge badge(Judged judged, boolean recommended) {
        if (!judged.possible()) {
            return new StateBadge(Signal.BAD, "Not possible");
        }
        return recommended ? new StateBadge(Signal.GOOD, "Recommended") : new StateBadge(Signal.UNKNOWN, "Possible");
    }

    private static String sign(Weight weight) {
        return switch (weight) {
            case FOR -> "+";
            case AGAINST -> "–";
            case IMPOSSIBLE -> "×";
        };
    }

    private static String cost(Cost cost) {
        return "Memory for management: %s at the customer, %s at the provider for all customers. On each instance: %s. Disk: %s."
                .formatted(
                        memory(cost.customerMebibytes()),
                        memory(cost.providerMebibytes()),
                        memory(cost.instanceMebibytes()),
                        memory(cost.diskMebibytes()));
    }

    private static String memory(long mebibytes) {
        return mebibytes == 0 ? "none" : Units.bytes(mebibytes * MEBIBYTE);
    }
}
