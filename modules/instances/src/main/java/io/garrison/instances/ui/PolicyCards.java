package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import io.garrison.protocol.Route;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Virtual services and pools of a policy, one card each, in words of traffic. */
final class PolicyCards {

    private final Policy policy;
    private final List<FieldError> errors;
    private final boolean editable;

    PolicyCards(Policy policy, List<FieldError> errors, boolean editable) {
        this.policy = policy;
        this.errors = errors;
        this.editable = editable;
    }

    Div services(IntConsumer edit, IntConsumer drop) {
        var all = new Div();
        all.addClassName("stacked");
        for (var at = 0; at < policy.virtualServices().size(); at++) {
            var service = policy.virtualServices().get(at);
            var card = card(service.name(), at, edit, drop, "/virtualServices/" + at);
            var where = new Span(endpoint(service.address(), service.port()));
            where.addClassName("mono");
            var line = new Div(where, new Span(speaks(service)));
            if (!service.enabled()) {
                line.add(new StateBadge(Signal.SPECIAL, "Disabled"));
            }
            line.addClassName("row");
            var words = new UnorderedList();
            words.addClassName("flow");
            service.routes().forEach(route -> words.add(new ListItem(inWords(route))));
            words.add(new ListItem(
                    (service.routes().isEmpty() ? "Everything" : "The rest") + " → pool " + named(service.pool())));
            limits(service).forEach(limit -> words.add(new ListItem(limit)));
            card.addComponentAtIndex(1, line);
            card.addComponentAtIndex(2, words);
            all.add(card);
        }
        return all;
    }

    Div pools(IntConsumer edit, IntConsumer drop) {
        var all = new Div();
        all.addClassName("stacked");
        for (var at = 0; at < policy.pools().size(); at++) {
            var pool = policy.pools().get(at);
            var card = card(pool.name(), at, edit, drop, "/pools/" + at);
            var line = new Span(StateBadge.words(pool.algorithm()) + ", " + checks(pool));
            line.addClassName("quiet");
            var members = new UnorderedList();
            members.addClassName("flow");
            for (var member : pool.members()) {
                var words = new Span(endpoint(member.address(), member.port()));
                words.addClassName("mono");
                var item = new ListItem(words);
                item.add(new Span(
                        member.enabled() ? member.weight() == 1 ? "" : " weight " + member.weight() : " disabled"));
                members.add(item);
            }
            if (pool.members().isEmpty()) {
                members.add(new ListItem("No member: requests are answered 503"));
            }
            card.addComponentAtIndex(1, line);
            card.addComponentAtIndex(2, members);
            all.add(card);
        }
        return all;
    }

    private Div card(String name, int at, IntConsumer edit, IntConsumer drop, String pointer) {
        var title = new H3(named(name));
        title.getStyle().set("flex", "1");
        var head = new Div(title);
        head.addClassName("row");
        if (editable) {
            var change = new Button("Edit", click -> edit.accept(at));
            change.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            change.setAriaLabel("Edit " + name);
            var remove = new Button(VaadinIcon.TRASH.create(), click -> drop.accept(at));
            remove.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            remove.setAriaLabel("Take " + name + " out of the draft");
            head.add(change, remove);
        }
        var card = new Div(head);
        card.addClassName("policy-card");
        var own = DraftEdit.below(errors, pointer);
        if (!own.isEmpty()) {
            var list = new UnorderedList();
            list.addClassName("problems");
            own.forEach(error -> list.add(new ListItem(FieldErrors.sentence(error.message())
                    + (error.field().isEmpty() ? "" : " (" + error.field() + ")"))));
            card.add(list);
        }
        return card;
    }

    private static String speaks(VirtualService service) {
        var tls = service.certificate() == null ? "" : " over TLS, certificate " + service.certificate();
        return service.protocol() + tls;
    }

    private static String inWords(Route route) {
        List<String> parts = new ArrayList<>();
        if (route.when().host() != null) {
            parts.add("host " + route.when().host());
        }
        if (route.when().pathPrefix() != null) {
            parts.add("path " + route.when().pathPrefix());
        }
        var header = route.when().header();
        if (header != null) {
            parts.add("header " + header.name() + ": " + header.value());
        }
        return (parts.isEmpty() ? "no condition" : String.join(" and ", parts)) + " → pool " + named(route.pool());
    }

    private static List<String> limits(VirtualService service) {
        List<String> limits = new ArrayList<>();
        var rate = service.rateLimit();
        if (rate != null && rate.requestsPerSecond() != null) {
            limits.add("At most " + Units.count(rate.requestsPerSecond()) + " requests/s per client");
        }
        if (rate != null && rate.requestsPerMinute() != null) {
            limits.add("At most " + Units.count(rate.requestsPerMinute()) + " requests/min per client");
        }
        if (rate != null && rate.connectionsPerSecond() != null) {
            limits.add("At most " + Units.count(rate.connectionsPerSecond()) + " new connections/s per client");
        }
        var refused = service.accessList().deny().size();
        var admitted = service.accessList().allow().size();
        if (refused > 0) {
            limits.add("Refuses " + Units.count(refused, "client range", "client ranges"));
        }
        if (admitted > 0) {
            limits.add("Admits only " + Units.count(admitted, "client range", "client ranges"));
        }
        if (service.persistence() != null) {
            limits.add("Keeps a client on one member by "
                    + switch (service.persistence().type()) {
                        case COOKIE -> "cookie " + service.persistence().name();
                        case SOURCE -> "address";
                    });
        }
        return limits;
    }

    private static String checks(Pool pool) {
        var monitor = pool.healthMonitor();
        return monitor == null
                ? "not checked"
                : "checked by " + monitor.type() + " every " + Units.count(monitor.intervalMs()) + " ms";
    }

    private static String endpoint(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    private static String named(String name) {
        return name.isEmpty() ? "(none)" : name;
    }
}
