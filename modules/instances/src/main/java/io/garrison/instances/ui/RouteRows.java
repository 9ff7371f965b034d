package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.protocol.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes of a virtual service, one row each, first match wins. */
final class RouteRows extends Div {
    private static final long serialVersionUID = 1L;

    private final List<String> pools;
    private final transient FieldErrors errors;
    private final transient Runnable changed;
    private final List<Row> rows = new ArrayList<>();
    private final Div list = new Div();

    RouteRows(List<String> pools, FieldErrors errors, Runnable changed) {
        this.pools = pools;
        this.errors = errors;
        this.changed = changed;
        addClassNames("stacked", "wide");
        list.addClassName("stacked");
        var add = new Button("Add route", VaadinIcon.PLUS.create(), click -> {
            append(null);
            changed.run();
        });
        add.addThemeVariants(ButtonVariant.TERTIARY);
        add(list, new Div(add));
    }

    void show(List<Route> routes) {
        rows.clear();
        routes.forEach(this::append);
        lay();
    }

    List<Route> routes() {
        return rows.stream().map(Row::route).toList();
    }

    private void append(@Nullable Route route) {
        rows.add(new Row(route));
        lay();
    }

    private void lay() {
        list.removeAll();
        errors.forget("routes/");
        if (rows.isEmpty()) {
            var none = new Span("All requests go to the default pool.");
            none.addClassName("quiet");
            list.add(none);
        }
        for (var at = 0; at < rows.size(); at++) {
            list.add(rows.get(at));
            rows.get(at).register("routes/" + at);
        }
    }

    private final class Row extends Div {
        private static final long serialVersionUID = 1L;

        private final TextField host = field("Host", "shop.example.com");
        private final TextField path = field("Path begins with", "/api");
        private final TextField header = field("Header", "X-Beta");
        private final TextField value = field("Header value", "1");
        private final Select<String> pool = new Select<>();

        Row(@Nullable Route route) {
            addClassName("route-row");
            pool.setLabel("Goes to pool");
            pool.setItems(pools);
            pool.addValueChangeListener(change -> changed.run());
            var remove = new Button(VaadinIcon.TRASH.create(), click -> {
                rows.remove(this);
                lay();
                changed.run();
            });
            remove.addThemeVariants(ButtonVariant.TERTIARY);
            remove.setAriaLabel("Remove route");
            add(host, path, header, value, pool, remove);
            if (route != null) {
                fill(route);
            }
        }

        private void fill(Route route) {
            var when = route.when();
            host.setValue(when.host() == null ? "" : when.host());
            path.setValue(when.pathPrefix() == null ? "" : when.pathPrefix());
            if (when.header() != null) {
                header.setValue(when.header().name());
                value.setValue(when.header().value());
            }
            pool.setValue(route.pool());
        }

        private TextField field(String label, String example) {
            var field = new TextField(label);
            field.setPlaceholder(example);
            field.addValueChangeListener(change -> changed.run());
            return field;
        }

        private void register(String pointer) {
            errors.at(pointer + "/when/host", host)
                    .at(pointer + "/when/pathPrefix", path)
                    .at(pointer + "/when/header/value", value)
                    .at(pointer + "/when/header", header)
                    .at(pointer + "/when", path)
                    .at(pointer + "/pool", pool);
        }

        Route route() {
            var match = header.isEmpty() && value.isEmpty()
                    ? null
                    : new Route.HeaderMatch(header.getValue().strip(), value.getValue());
            return new Route(
                    new Route.Condition(text(host), text(path), match), pool.getValue() == null ? "" : pool.getValue());
        }

        private static @Nullable String text(TextField field) {
            var text = field.getValue().strip();
            return text.isEmpty() ? null : text;
        }
    }
}
