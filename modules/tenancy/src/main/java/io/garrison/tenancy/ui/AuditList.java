package io.garrison.tenancy.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.tenancy.AuditEntry;
import io.garrison.tenancy.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The audit trail of one house, newest first; older entries on request; the proof that none was changed. */
final class AuditList extends Div {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 200;
    private static final List<String> NAMES = List.of("name", "slug", "email", "mssp");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final transient AuditLog log;
    private final transient House house;
    private final transient ListState state;
    private final transient List<AuditEntry> entries = new ArrayList<>();
    private final Grid<AuditEntry> grid = new Grid<>();
    private final TextField text = new TextField();
    private final Span count = new Span();
    private final Button older = new Button("Load older", click -> more());
    private final DetailPane pane;

    /** Runs calls in the house whose trail it is. */
    interface House {
        <R> R call(Supplier<R> work);
    }

    AuditList(AuditLog log, House house, ListState state) {
        this.log = log;
        this.house = house;
        this.state = state;
        setSizeFull();
        columns();
        text.setPlaceholder("Who, what or which");
        text.setAriaLabel("Filter loaded entries");
        text.setPrefixComponent(VaadinIcon.SEARCH.create());
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.setValue(state.get("q").orElse(""));
        text.addValueChangeListener(change -> {
            state.put("q", change.getValue());
            show();
        });
        count.addClassName("count");
        older.addThemeVariants(ButtonVariant.TERTIARY);
        var bar = new Div(text, count);
        bar.addClassName("filters");
        var list = new Div(bar, grid, new Div(older));
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        add(pane);
        more();
    }

    private void columns() {
        grid.addColumn(AuditEntry::index).setHeader("No.").setAutoWidth(true).setFlexGrow(0);
        grid.addColumn(Ago.<AuditEntry>column(AuditEntry::at, true))
                .setHeader("When")
                .setAutoWidth(true);
        grid.addColumn(entry -> entry.actor().name()).setHeader("Who").setAutoWidth(true);
        grid.addColumn(AuditList::what).setHeader("What").setFlexGrow(2);
        grid.addColumn(AuditList::which)
                .setTooltipGenerator(entry -> entry.objectType() + " " + entry.objectId())
                .setHeader("Which")
                .setFlexGrow(2);
        grid.addColumn(entry ->
                        entry.actor().origin() == null ? "–" : entry.actor().origin())
                .setHeader("From")
                .setAutoWidth(true);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
    }

    private void more() {
        var before = entries.isEmpty() ? 0 : entries.getLast().index();
        var page = house.call(() -> log.list(before, PAGE));
        entries.addAll(page.items());
        older.setVisible(page.next() != null);
        show();
    }

    private void show() {
        var wanted = text.getValue().strip().toLowerCase(Locale.ROOT);
        var shown = entries.stream()
                .filter(entry -> wanted.isEmpty()
                        || (entry.actor().name() + " " + what(entry) + " " + entry.action() + " " + entry.objectType()
                                        + " " + entry.objectId() + " " + which(entry))
                                .toLowerCase(Locale.ROOT)
                                .contains(wanted))
                .toList();
        grid.setItems(shown);
        count.setText(
                shown.size() == entries.size()
                        ? Units.count(shown.size(), "entry", "entries")
                        : Units.count(shown.size()) + " of "
                                + Units.count(entries.size(), "loaded entry", "loaded entries"));
    }

    /** {@code stack.created} reads as {@code Stack created}. */
    static String what(AuditEntry entry) {
        var words = entry.action().replace('.', ' ').replace('_', ' ').replace('-', ' ');
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** What the entry is about, by the name that its details give it; by its id where they give none. */
    static String which(AuditEntry entry) {
        var details = JSON.readTree(entry.details());
        for (var part : List.of(details, details.path("after"))) {
            for (var word : NAMES) {
                var name = part.path(word);
                if (name.isString()) {
                    return entry.objectType() + " " + name.stringValue();
                }
            }
        }
        return entry.objectType() + " " + entry.objectId();
    }

    private void open(@Nullable AuditEntry entry) {
        if (entry == null) {
            if (pane.isShown()) {
                pane.hide();
            }
            return;
        }
        var facts = new Facts()
                .with("When", Ago.absolute(entry.at()))
                .with(
                        "Who",
                        entry.actor().name() + " ("
                                + StateBadge.words(entry.actor().kind()).toLowerCase(Locale.ROOT) + ")")
                .with("From", entry.actor().origin())
                .with("On behalf", entry.actor().onBehalf())
                .code("Object", entry.objectType() + " " + entry.objectId())
                .code("Action", entry.action());
        pane.show(what(entry), facts, details(entry));
    }

    private static Facts details(AuditEntry entry) {
        var facts = new Facts();
        JSON.readTree(entry.details())
                .properties()
                .forEach(pair -> facts.code(
                        pair.getKey(),
                        pair.getValue().isString()
                                ? pair.getValue().stringValue()
                                : pair.getValue().toString()));
        return facts;
    }

    /** Recomputes the chain and tells what came of it. */
    void verify() {
        var result = house.call(log::verify);
        if (result.intact()) {
            Notices.done("The trail is intact: " + Units.count(result.entries(), "entry", "entries") + " checked");
        } else {
            Notices.failed("The trail is not as it was written. The first broken entry is " + result.firstBroken()
                    + " of " + result.brokenChain() + ". Keep a copy of the database and tell your security officer.");
        }
    }
}
