package io.garrison.instances.ui;

import com.vaadin.flow.component.HasValue;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.protocol.AccessList;
import io.garrison.protocol.Persistence;
import io.garrison.protocol.Protection;
import io.garrison.protocol.RateLimit;
import io.garrison.protocol.VirtualService;
import io.garrison.protocol.VirtualService.ServiceProtocol;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The form of a virtual service. */
final class ServiceForm extends Div {
    private static final long serialVersionUID = 1L;

    private final transient FieldErrors errors = new FieldErrors();
    private final transient Runnable changed;
    private final Protection protection;

    final TextField name = new TextField("Name");
    final TextField address = new TextField("Address");
    final IntegerField port = new IntegerField("Port");
    final Select<ServiceProtocol> protocol = new Select<>();
    final Select<String> pool = new Select<>();
    private final Select<String> certificate = new Select<>();
    private final Checkbox enabled = new Checkbox("Enabled");
    private final IntegerField maxConnections = new IntegerField("Concurrent connections, at most");
    private final IntegerField requests = new IntegerField("Requests per client");
    private final IntegerField perMinute = new IntegerField("Requests per client and minute");
    private final IntegerField connections = new IntegerField("New connections per client");
    private final Select<String> persistence = new Select<>();
    private final TextField cookie = new TextField("Cookie name");
    private final TextArea deny = new TextArea("Refused clients");
    private final TextArea allow = new TextArea("Admitted clients");
    private final RouteRows routes;
    private final Div routing = new Div();

    ServiceForm(VirtualService service, List<String> pools, List<String> certificates, Runnable changed) {
        this.changed = changed;
        this.protection = service.protection();
        this.routes = new RouteRows(pools, errors, changed);
        protocol.setLabel("Protocol");
        protocol.setItems(ServiceProtocol.values());
        pool.setLabel("Default pool");
        pool.setItems(pools);
        pool.setHelperText(pools.isEmpty() ? "Make a pool first." : "Takes what no route takes");
        certificate.setLabel("Certificate");
        certificate.setItems(certificates);
        certificate.setEmptySelectionAllowed(true);
        certificate.setEmptySelectionCaption("None: no TLS");
        certificate.setPlaceholder("None: no TLS");
        certificate.setHelperText("Clients speak TLS if there is one");
        persistence.setLabel("Keeps a client on one member by");
        persistence.setItems("Nothing", "Cookie", "Client address");
        explain();
        lay();
        fill(service);
        Stream.<HasValue<?, ?>>of(
                        name,
                        address,
                        port,
                        protocol,
                        pool,
                        certificate,
                        enabled,
                        maxConnections,
                        requests,
                        perMinute,
                        connections,
                        persistence,
                        cookie,
                        deny,
                        allow)
                .forEach(field -> field.addValueChangeListener(change -> {
                    adapt();
                    changed.run();
                }));
        adapt();
    }

    private void explain() {
        name.setHelperText("1–63 letters, digits, . _ -");
        address.setHelperText("IPv4 or IPv6 address that clients connect to");
        port.setHelperText("1–65535");
        maxConnections.setHelperText("1–1,000,000; default 10,000. More wait");
        requests.setHelperText("Per second, 1–1,000,000; empty: no limit. More are answered 429");
        perMinute.setHelperText("Within 60 s, 1–1,000,000; empty: no limit. More are answered 429");
        connections.setHelperText("Per second, 1–1,000,000; empty: no limit. More are closed");
        cookie.setHelperText("Is inserted into answers");
        deny.setHelperText("One address or CIDR block per line");
        allow.setHelperText("One per line; empty: everybody who is not refused");
        deny.setMinRows(3);
        allow.setMinRows(3);
        for (var one : List.of(port, maxConnections, requests, perMinute, connections)) {
            one.setStepButtonsVisible(false);
        }
    }

    private void lay() {
        addClassName("stacked");
        var basics = form(name, protocol, address, port, pool, certificate);
        basics.add(enabled);
        routing.add(new H3("Routes"), routes);
        routing.addClassName("stacked");
        var limits =
                new Details("Limits and clients", form(maxConnections, requests, perMinute, connections, deny, allow));
        var stick = new Details("Persistence", form(persistence, cookie));
        add(errors.others(), basics, routing, limits, stick);
        errors.at("name", name)
                .at("address", address)
                .at("port", port)
                .at("protocol", protocol)
                .at("pool", pool)
                .at("certificate", certificate)
                .at("maxConnections", maxConnections)
                .at("rateLimit/requestsPerSecond", requests)
                .at("rateLimit/requestsPerMinute", perMinute)
                .at("rateLimit/connectionsPerSecond", connections)
                .at("persistence/name", cookie)
                .at("persistence", persistence)
                .at("accessList/deny", deny)
                .at("accessList/allow", allow);
    }

    private static Div form(com.vaadin.flow.component.Component... fields) {
        var form = new Div(fields);
        form.addClassName("form");
        return form;
    }

    private void fill(VirtualService service) {
        name.setValue(service.name());
        address.setValue(service.address());
        port.setValue(service.port() == 0 ? null : service.port());
        protocol.setValue(service.protocol());
        pool.setValue(service.pool().isEmpty() ? null : service.pool());
        certificate.setValue(service.certificate());
        enabled.setValue(service.enabled());
        maxConnections.setValue(service.maxConnections());
        var rate = service.rateLimit();
        requests.setValue(rate == null ? null : rate.requestsPerSecond());
        perMinute.setValue(rate == null ? null : rate.requestsPerMinute());
        connections.setValue(rate == null ? null : rate.connectionsPerSecond());
        var keeps = service.persistence();
        persistence.setValue(
                keeps == null
                        ? "Nothing"
                        : switch (keeps.type()) {
                            case COOKIE -> "Cookie";
                            case SOURCE -> "Client address";
                        });
        cookie.setValue(keeps == null || keeps.name() == null ? "" : keeps.name());
        deny.setValue(String.join("\n", service.accessList().deny()));
        allow.setValue(String.join("\n", service.accessList().allow()));
        routes.show(service.routes());
    }

    /** Hides what has no meaning with the protocol and persistence that are chosen. */
    private void adapt() {
        var http = protocol.getValue() == ServiceProtocol.HTTP;
        routing.setVisible(http);
        requests.setVisible(http);
        perMinute.setVisible(http);
        cookie.setVisible("Cookie".equals(persistence.getValue()));
    }

    VirtualService value() {
        var http = protocol.getValue() == ServiceProtocol.HTTP;
        return new VirtualService(
                name.getValue().strip(),
                address.getValue().strip(),
                port.getValue() == null ? 0 : port.getValue(),
                protocol.getValue(),
                enabled.getValue(),
                certificate.getValue(),
                pool.getValue() == null ? "" : pool.getValue(),
                new AccessList(lines(deny), lines(allow)),
                rates(http),
                maxConnections.getValue(),
                http ? routes.routes() : List.of(),
                keeps(),
                protection);
    }

    private @Nullable RateLimit rates(boolean http) {
        var perSecond = http ? requests.getValue() : null;
        var inAMinute = http ? perMinute.getValue() : null;
        return perSecond == null && inAMinute == null && connections.getValue() == null
                ? null
                : new RateLimit(perSecond, connections.getValue(), inAMinute, RateLimit.Key.CLIENT_ADDRESS);
    }

    private @Nullable Persistence keeps() {
        return switch (persistence.getValue()) {
            case "Cookie" ->
                new Persistence(Persistence.Type.COOKIE, cookie.getValue().strip());
            case "Client address" -> new Persistence(Persistence.Type.SOURCE, null);
            default -> null;
        };
    }

    private static List<String> lines(TextArea area) {
        return area.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    FieldErrors errors() {
        return errors;
    }
}
