package io.garrison.licensing.ui;

import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.licensing.Factor;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overage.Policy;
import java.math.BigDecimal;

/** One counted metric as it is asked for: how much, what happens beyond it, and what that leaves in the licence pool. */
final class MetricField extends Div {
    private static final long serialVersionUID = 1L;

    /** More than any licence has; keeps sums within 64 bits. */
    private static final double MOST = 4e18;

    private static final double MOST_TIMES = 10;
    private static final double SMALLEST_TIMES = 0.01;

    private final Metric metric;
    private final NumberField amount = new NumberField();
    private final Select<Policy> beyond = new Select<>();
    private final NumberField ceiling = new NumberField();
    private final NumberField times = new NumberField();
    private final Span rule = new Span();
    private final PoolBar bar = new PoolBar();

    private MetricField(Metric metric, Runnable changed) {
        this.metric = metric;
        addClassNames("metric-field", "wide");
        number(amount, LicenseWords.field(metric));
        amount.addValueChangeListener(change -> changed.run());
        bar.setVisible(false);
        add(amount);
    }

    /** With a rule for what goes beyond it. */
    static MetricField ruled(Metric metric, Runnable changed) {
        var field = new MetricField(metric, changed);
        field.addRule(changed);
        return field;
    }

    /** An amount and nothing else. */
    static MetricField plain(Metric metric, Runnable changed) {
        var field = new MetricField(metric, changed);
        field.addClassName("plain-field");
        field.beyond.setValue(Policy.DENY);
        return field;
    }

    /** With how many times over it may be given on. */
    static MetricField given(Metric metric, Runnable changed) {
        var field = new MetricField(metric, changed);
        field.addTimes(changed);
        return field;
    }

    private void addTimes(Runnable changed) {
        times.setLabel("Given on (times)");
        times.setAriaLabel("How many times over " + LicenseWords.name(metric).toLowerCase(java.util.Locale.ROOT)
                + " are given on");
        times.setHelperText("1–10; more than 1 gives on more than there is");
        times.setMin(1);
        times.setMax(MOST_TIMES);
        times.setStep(SMALLEST_TIMES);
        times.setValue(1.0);
        times.addValueChangeListener(change -> changed.run());
        add(times, bar);
    }

    private void addRule(Runnable changed) {
        beyond.setLabel("Beyond it");
        beyond.setAriaLabel("Beyond the limit of " + LicenseWords.name(metric).toLowerCase(java.util.Locale.ROOT));
        beyond.setItems(Policy.values());
        beyond.setItemLabelGenerator(OverageWords::name);
        beyond.setValue(Policy.DENY);
        number(ceiling, "Ceiling" + (metric == Metric.THROUGHPUT_BPS ? " (Mbit/s)" : ""));
        ceiling.setVisible(false);
        beyond.addValueChangeListener(change -> {
            ceiling.setVisible(change.getValue() == Policy.CEILING);
            setClassName("with-ceiling", ceiling.isVisible());
            explain();
            changed.run();
        });
        ceiling.addValueChangeListener(change -> {
            explain();
            changed.run();
        });
        amount.addValueChangeListener(change -> explain());
        rule.addClassName("rule");
        explain();
        add(beyond, ceiling, rule, bar);
    }

    private void number(NumberField field, String label) {
        field.setLabel(label);
        field.setMin(0);
        field.setValueChangeMode(ValueChangeMode.LAZY);
        if (metric != Metric.THROUGHPUT_BPS) {
            field.setStep(1);
            field.setStepButtonsVisible(true);
        }
    }

    private void explain() {
        rule.setText(OverageWords.explain(metric, value(), overage()));
    }

    void set(long value, Overage overage) {
        amount.setValue(value / scale());
        beyond.setValue(overage.policy());
        ceiling.setValue(overage.ceiling() == null ? null : overage.ceiling() / scale());
    }

    void set(long value, Factor factor) {
        amount.setValue(value / scale());
        times.setValue(factor.value().doubleValue());
    }

    void setReadOnly(boolean readOnly) {
        amount.setReadOnly(readOnly);
        beyond.setReadOnly(readOnly);
        ceiling.setReadOnly(readOnly);
    }

    void onChange(Runnable changed) {
        amount.addValueChangeListener(change -> changed.run());
        beyond.addValueChangeListener(change -> changed.run());
        ceiling.addValueChangeListener(change -> changed.run());
        times.addValueChangeListener(change -> changed.run());
    }

    void help(String text) {
        amount.setHelperText(text);
    }

    /** In the unit of the metric; 0 while nothing sensible is typed. */
    long value() {
        return number(amount);
    }

    private long number(NumberField field) {
        var typed = field.getValue();
        return typed == null || typed < 0 ? 0 : Math.round(Math.min(typed * scale(), MOST));
    }

    Overage overage() {
        var policy = beyond.getValue() == null ? Policy.DENY : beyond.getValue();
        return policy == Policy.CEILING ? Overage.upTo(Math.max(1, number(ceiling))) : new Overage(policy, null);
    }

    Factor factor() {
        return isFactor() ? new Factor(BigDecimal.valueOf(times.getValue())) : Factor.ONE;
    }

    private boolean isFactor() {
        return times.getValue() != null && Factor.isOne(BigDecimal.valueOf(times.getValue()));
    }

    private double scale() {
        return metric == Metric.THROUGHPUT_BPS ? LicenseWords.BITS_PER_MEGABIT : 1;
    }

    /** Whether it is filled in; says so at the field if not. */
    boolean isComplete() {
        return isComplete(amount) & (overage().policy() != Policy.CEILING || isComplete(ceiling));
    }

    /** Whether how many times over makes sense; says so at the field if not. */
    boolean isFactorComplete() {
        if (!isFactor()) {
            times.setErrorMessage("Must be from 1 to 10, with two decimals at most");
            times.setInvalid(true);
        }
        return isFactor();
    }

    HasValidation factorProblems() {
        return new Told(metric, times);
    }

    private boolean isComplete(NumberField field) {
        var typed = field.getValue();
        var whole = typed != null && (metric == Metric.THROUGHPUT_BPS || typed == Math.rint(typed));
        var good = typed != null && typed >= 0 && whole;
        if (!good) {
            field.setErrorMessage(
                    typed == null ? "Enter a number" : "Must be " + (whole ? "0 or more" : "a whole number"));
            field.setInvalid(true);
        }
        return good;
    }

    /** @param after what would be allocated of the licence then */
    void pool(Count now, long after) {
        bar.setVisible(true);
        bar.show(now, after);
    }

    PoolBar bar() {
        return bar;
    }

    /** The field as refusals see it, who tell bare numbers. */
    HasValidation problems() {
        return new Told(metric, amount);
    }

    /** {@code throughputBps: asked 2000000, free 1000000} becomes {@code Asked 2 Mbit/s, free 1 Mbit/s}. */
    static String reworded(Metric metric, String message) {
        var plain = message.replaceFirst("^(?i)" + metric.wireName() + ": ", "");
        var words = java.util.regex.Pattern.compile("\\b\\d{1,18}\\b")
                .matcher(plain)
                .replaceAll(number -> {
                    return LicenseWords.quantity(metric, Long.parseLong(number.group()));
                });
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private record Told(Metric metric, NumberField field) implements HasValidation {

        @Override
        public void setErrorMessage(String message) {
            field.setErrorMessage(message == null ? null : reworded(metric, message));
        }

        @Override
        public String getErrorMessage() {
            return field.getErrorMessage();
        }

        @Override
        public void setInvalid(boolean invalid) {
            field.setInvalid(invalid);
        }

        @Override
        public boolean isInvalid() {
            return field.isInvalid();
        }
    }
}
