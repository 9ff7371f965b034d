package io.garrison.licensing.ui;

import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.data.renderer.ComponentRenderer;
import io.garrison.licensing.LeaseRule;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;

/** What is to become of instances that run on seats which a change takes away. */
final class LeaseRuleChoice extends Div {
    private static final long serialVersionUID = 1L;

    private static final int DAY = 24;

    private final RadioButtonGroup<IfLeasesBreak> choice = new RadioButtonGroup<>("If instances run on seats that go");
    private final IntegerField hours = new IntegerField("Grace (hours)");

    LeaseRuleChoice(IfLeasesBreak otherwise) {
        addClassNames("form", "wide");
        choice.addClassName("wide");
        choice.setItems(IfLeasesBreak.values());
        choice.setItemLabelGenerator(LeaseRuleChoice::name);
        choice.setRenderer(new ComponentRenderer<>(LeaseRuleChoice::explained));
        choice.setValue(otherwise);
        choice.addValueChangeListener(change -> hours.setVisible(change.getValue() != IfLeasesBreak.REFUSE));
        hours.setMin(0);
        hours.setMax(LeaseRule.MAX_GRACE_HOURS);
        hours.setValue(DAY);
        hours.setStepButtonsVisible(true);
        hours.setHelperText("0–" + LeaseRule.MAX_GRACE_HOURS + "; 24 hours are a day");
        hours.setVisible(otherwise != IfLeasesBreak.REFUSE);
        add(choice, hours);
    }

    void onChange(Runnable changed) {
        choice.addValueChangeListener(change -> changed.run());
        hours.addValueChangeListener(change -> changed.run());
    }

    LeaseRule rule() {
        var hour = hours.getValue();
        return choice.getValue() == IfLeasesBreak.REFUSE || hour == null
                ? LeaseRule.REFUSE
                : new LeaseRule(choice.getValue(), hour);
    }

    boolean isComplete() {
        var hour = hours.getValue();
        var good = choice.getValue() == IfLeasesBreak.REFUSE
                || (hour != null && hour >= 0 && hour <= LeaseRule.MAX_GRACE_HOURS);
        if (!good) {
            hours.setErrorMessage("Must be from 0 to " + LeaseRule.MAX_GRACE_HOURS);
            hours.setInvalid(true);
        }
        return good;
    }

    /** For refusals that say which instances run. */
    HasValidation problems() {
        return choice;
    }

    private static Div explained(IfLeasesBreak rule) {
        var lines = new Div(new Span(name(rule)), new Span(consequence(rule)));
        lines.addClassName("choice");
        return lines;
    }

    private static String name(IfLeasesBreak rule) {
        return switch (rule) {
            case REFUSE -> "Refuse the change";
            case DRAIN -> "Drain them";
            case GRACE -> "Give them a grace";
        };
    }

    static String consequence(IfLeasesBreak rule) {
        return switch (rule) {
            case REFUSE -> "Nothing is changed as long as they run. Decommission them first, then do it again.";
            case DRAIN ->
                "They finish what is open and take nothing new. Each gives its seat up when it is drained, at the latest"
                        + " after the grace.";
            case GRACE -> "They run on as before. After the grace their seats are not renewed; traffic keeps flowing.";
        };
    }
}
