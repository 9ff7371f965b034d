package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.protocol.HaSettings.HaMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The virtual routers of a stack, each with fields of its own. */
final class RouterCards extends Div {
    private static final long serialVersionUID = 1L;

    private final transient FieldErrors errors;
    private final List<RouterCard> cards = new ArrayList<>();
    private final Div list = new Div();
    private transient List<Member> members = List.of();
    private HaMode mode = HaMode.NONE;
    private boolean touched;
    private transient Runnable changed = () -> {};

    RouterCards(FieldErrors errors) {
        this.errors = errors;
        addClassName("stacked");
        list.addClassName("stacked");
        var add = new Button("Add virtual router", VaadinIcon.PLUS.create(), click -> {
            append(null, false);
            touch();
        });
        add.addThemeVariants(ButtonVariant.TERTIARY);
        add(list, new Div(add));
    }

    void members(List<Member> known) {
        members = known;
    }

    void show(StackHa ha) {
        cards.clear();
        ha.settings()
                .routers()
                .forEach(router -> append(router, ha.withPassword().contains(router.name())));
        for (int at = 0; at < cards.size(); at++) {
            cards.get(at)
                    .serves(HaWords.served(ha, ha.settings().routers().get(at).name()));
        }
        lay();
        touched = false;
    }

    private void touch() {
        touched = true;
        changed.run();
    }

    /** To be told of each change that a person makes. */
    void onChange(Runnable told) {
        changed = told;
    }

    /** Whether a person has changed anything since they were shown. */
    boolean isTouched() {
        return touched;
    }

    /** Says at the fields what is missing. */
    boolean areComplete() {
        return cards.stream().filter(card -> !card.isComplete()).count() == 0; // all are asked
    }

    private void append(@Nullable RouterSettings router, boolean passwordSet) {
        var card = new RouterCard(members, router, passwordSet);
        card.onRemove(() -> {
            cards.remove(card);
            lay();
            touch();
        });
        card.onChange(this::touch);
        cards.add(card);
        lay();
    }

    private void lay() {
        list.removeAll();
        errors.forget("/routers/");
        if (cards.isEmpty()) {
            var none = new Span("No address moves between the instances: clients need another way to find them.");
            none.addClassName("quiet");
            list.add(none);
        }
        for (int at = 0; at < cards.size(); at++) {
            cards.get(at).register(errors, "/routers/" + at);
            cards.get(at).under(mode);
            list.add(cards.get(at));
        }
    }

    void under(HaMode wished) {
        mode = wished;
        cards.forEach(card -> card.under(wished));
    }

    RouterCard card(int at) {
        return cards.get(at);
    }

    List<RouterSettings> routers() {
        return cards.stream().map(RouterCard::router).toList();
    }
}
