package io.garrison.instances.ui;

import com.vaadin.flow.component.HasValue;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Pool.HealthMonitor;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The form of a pool: its members and how they are checked. */
final class PoolForm extends Div {
    private static final long serialVersionUID = 1L;

    private final transient FieldErrors errors = new FieldErrors();
    private final transient Runnable changed;
    private final List<Row> rows = new ArrayList<>();
    private final Div members = new Div();

    final TextField name = new TextField("Name");
    private final Select<Pool.Algorithm> algorithm = new Select<>();
    private final Select<String> check = new Select<>();
    private final TextField path = new TextField("Path");
    private final TextField expect = new TextField("Good status");
    private final IntegerField interval = number("Interval (ms)", "100–600,000; default 2,000");
    private final IntegerField timeout = number("Timeout (ms)", "50–60,000, not above the interval; default 1,000");
    private final IntegerField rise = number("Good checks until up", "1–10; default 2");
    private final IntegerField fall = number("Bad checks until down", "1–10; default 3");
    private final Span consequence = new Span();

    PoolForm(Pool pool, Runnable changed) {
        this.changed = changed;
        addClassName("stacked");
        name.setHelperText("1–63 letters, digits, . _ -");
        algorithm.setLabel("Shares traffic by");
        algorithm.setItems(Pool.Algorithm.values());
        algorithm.setItemLabelGenerator(StateBadge::words);
        check.setLabel("Health check");
        check.setItems("None", "TCP connect", "HTTP request");
        path.setHelperText("Default /");
        expect.setHelperText("Status or range; default 200-399");
        members.addClassName("stacked");
        var add = new Button("Add member", VaadinIcon.PLUS.create(), click -> {
            rows.add(new Row(new Pool.Member("", 0, 1, true)));
            lay();
            changed.run();
        });
        add.addThemeVariants(ButtonVariant.TERTIARY);
        consequence.addClassName("quiet");
        add(
                errors.others(),
                form(name, algorithm),
                new H3("Members"),
                members,
                new Div(add),
                new H3("Health"),
                form(check, path, expect, interval, timeout, rise, fall),
                consequence);
        fill(pool);
        Stream.<HasValue<?, ?>>of(name, algorithm, check, path, expect, interval, timeout, rise, fall)
                .forEach(field -> field.addValueChangeListener(change -> {
                    adapt();
                    changed.run();
                }));
        errors.at("name", name)
                .at("algorithm", algorithm)
                .at("healthMonitor/path", path)
                .at("healthMonitor/expectStatus", expect)
                .at("healthMonitor/intervalMs", interval)
                .at("healthMonitor/timeoutMs", timeout)
                .at("healthMonitor/rise", rise)
                .at("healthMonitor/fall", fall)
                .at("healthMonitor", check);
        adapt();
    }

    private void fill(Pool pool) {
        name.setValue(pool.name());
        algorithm.setValue(pool.algorithm());
        pool.members().forEach(member -> rows.add(new Row(member)));
        lay();
        var monitor = pool.healthMonitor();
        check.setValue(
                monitor == null
                        ? "None"
                        : switch (monitor.type()) {
                            case TCP -> "TCP connect";
                            case HTTP -> "HTTP request";
                        });
        var shown =
                monitor == null ? new HealthMonitor(HealthMonitor.Type.TCP, null, null, 2_000, 1_000, 2, 3) : monitor;
        path.setValue(shown.path() == null ? "" : shown.path());
        expect.setValue(shown.expectStatus() == null ? "" : shown.expectStatus());
        interval.setValue(shown.intervalMs());
        timeout.setValue(shown.timeoutMs());
        rise.setValue(shown.rise());
        fall.setValue(shown.fall());
    }

    private void lay() {
        members.removeAll();
        errors.forget("members/");
        if (rows.isEmpty()) {
            var none = new Span("Without members every request is answered 503.");
            none.addClassName("quiet");
            members.add(none);
        }
        for (var at = 0; at < rows.size(); at++) {
            var row = rows.get(at);
            members.add(row);
            errors.at("members/" + at + "/address", row.address)
                    .at("members/" + at + "/port", row.port)
                    .at("members/" + at + "/weight", row.weight);
        }
    }

    private void adapt() {
        var checked = !"None".equals(check.getValue());
        var http = "HTTP request".equals(check.getValue());
        path.setVisible(http);
        expect.setVisible(http);
        for (var field : List.of(interval, timeout, rise, fall)) {
            field.setVisible(checked);
        }
        consequence.setText(checked ? consequence() : "A member that does not answer is not noticed.");
    }

    private String consequence() {
        var every = interval.getValue();
        var bad = fall.getValue();
        var good = rise.getValue();
        if (every == null || bad == null || good == null) {
            return "";
        }
        return "A member that stops answering is declared down after about %s, and up again after %s."
                .formatted(
                        Units.duration(Duration.ofMillis((long) every * bad)),
                        Units.duration(Duration.ofMillis((long) every * good)));
    }

    Pool value() {
        return new Pool(
                name.getValue().strip(),
                algorithm.getValue(),
                rows.stream().map(Row::member).toList(),
                monitor());
    }

    private @Nullable HealthMonitor monitor() {
        var type = switch (check.getValue()) {
            case "TCP connect" -> HealthMonitor.Type.TCP;
            case "HTTP request" -> HealthMonitor.Type.HTTP;
            default -> null;
        };
        if (type == null) {
            return null;
        }
        var http = type == HealthMonitor.Type.HTTP;
        return new HealthMonitor(
                type,
                http && !path.isEmpty() ? path.getValue().strip() : null,
                http && !expect.isEmpty() ? expect.getValue().strip() : null,
                interval.getValue(),
                timeout.getValue(),
                rise.getValue(),
                fall.getValue());
    }

    FieldErrors errors() {
        return errors;
    }

    private static Div form(com.vaadin.flow.component.Component... fields) {
        var form = new Div(fields);
        form.addClassName("form");
        return form;
    }

    private static IntegerField number(String label, String range) {
        var field = new IntegerField(label);
        field.setHelperText(range);
        return field;
    }

    private final class Row extends Div {
        private static final long serialVersionUID = 1L;

        private final TextField address = new TextField("Address");
        private final IntegerField port = new IntegerField("Port");
        private final IntegerField weight = new IntegerField("Weight (0–256)");
        private final Checkbox enabled = new Checkbox("Enabled");

        Row(Pool.Member member) {
            addClassName("member-row");
            address.setValue(member.address());
            port.setValue(member.port() == 0 ? null : member.port());
            weight.setValue(member.weight());
            enabled.setValue(member.enabled());
            Stream.<HasValue<?, ?>>of(address, port, weight, enabled)
                    .forEach(field -> field.addValueChangeListener(change -> changed.run()));
            var remove = new Button(VaadinIcon.TRASH.create(), click -> {
                rows.remove(this);
                lay();
                changed.run();
            });
            remove.addThemeVariants(ButtonVariant.TERTIARY);
            remove.setAriaLabel("Remove member");
            add(address, port, weight, enabled, remove);
        }

        Pool.Member member() {
            return new Pool.Member(
                    address.getValue().strip(),
                    port.getValue() == null ? 0 : port.getValue(),
                    weight.getValue(),
                    enabled.getValue());
        }
    }
}
